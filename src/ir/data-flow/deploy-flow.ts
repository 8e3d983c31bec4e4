// What leads to a deployment: the model, the data it is fitted on, and the evaluations that guard it.
//
// F1. An evaluation guards a deployment when its outputs are in a condition on the way to the deploy task, or are
//     wired into it, directly or through further tasks; and when it takes the very model.
// F2. A model is fitted on the Dataset inputs of the task that makes it; where that has none, on those of the tasks
//     that its other artifacts come from.

import { parseCondition } from '../expressions/index.js';
import type { PipelineSpecJson } from '../spec.js';
import {
  artifactSources,
  inputsOfType,
  isSameSource,
  parameterSources,
  type Source,
} from './sources.js';
import type { TaskNode } from './task-node.js';

const DATASET = 'system.Dataset';
const MODEL = 'system.Model';

/** One Dataset input of a task, with what it may be. */
export interface DatasetInput {
  readonly node: TaskNode;
  readonly input: string;
  readonly sources: readonly Source[];
}

export interface DeployFlow {
  readonly deploy: TaskNode;
  /** Dataset inputs that the model is fitted on (F2). */
  readonly training: readonly DatasetInput[];
  /** The evaluations that guard it (F1), and the Datasets of each. */
  readonly evaluations: readonly {
    readonly node: TaskNode;
    readonly datasets: readonly DatasetInput[];
  }[];
}

/** Follows the edges that lead to a deploy task. */
export function deployFlow(spec: PipelineSpecJson, deploy: TaskNode): DeployFlow {
  const models = inputsOfType(deploy, MODEL).flatMap((input) =>
    artifactSources(spec, deploy, input),
  );
  const trainers = nodesOf(models);
  const isTrainer = ({ path }: TaskNode): boolean => trainers.some((each) => each.path === path);
  const evaluations = closure(guards(spec, deploy), (node) => nodesOf(allSources(spec, node)))
    .filter((node) => !isTrainer(node) && takes(spec, node, models))
    .map((node) => ({ node, datasets: datasetInputs(spec, node) }));
  return { deploy, training: trainingInputs(spec, trainers), evaluations };
}

/** Tasks whose outputs are in a condition on the way, or are wired in beside the model (F1). */
function guards(spec: PipelineSpecJson, deploy: TaskNode): TaskNode[] {
  const beside = artifactNames(deploy)
    .filter((input) => !inputsOfType(deploy, MODEL).includes(input))
    .flatMap((input) => artifactSources(spec, deploy, input));
  return nodesOf([...beside, ...conditionSources(spec, deploy)]);
}

function conditionSources(spec: PipelineSpecJson, node: TaskNode | undefined): Source[] {
  if (node === undefined) return [];
  const condition = node.task.triggerPolicy?.condition;
  const names = condition ? parseCondition(condition).parameters.map(({ name }) => name) : [];
  return [
    ...names.flatMap((name) => parameterSources(spec, node, name)),
    ...conditionSources(spec, node.parent),
  ];
}

/** F2 */
function trainingInputs(spec: PipelineSpecJson, trainers: readonly TaskNode[]): DatasetInput[] {
  const visited = closure(trainers, (node) =>
    datasetInputs(spec, node).length > 0 ? [] : nodesOf(artifactsOf(spec, node)),
  );
  return visited.flatMap((node) => datasetInputs(spec, node));
}

function datasetInputs(spec: PipelineSpecJson, node: TaskNode): DatasetInput[] {
  return inputsOfType(node, DATASET)
    .map((input) => ({ node, input, sources: artifactSources(spec, node, input) }))
    .filter(({ sources }) => sources.length > 0);
}

function takes(spec: PipelineSpecJson, node: TaskNode, wanted: readonly Source[]): boolean {
  return artifactsOf(spec, node).some((source) =>
    wanted.some((each) => isSameSource(each, source)),
  );
}

function artifactsOf(spec: PipelineSpecJson, node: TaskNode): Source[] {
  return artifactNames(node).flatMap((input) => artifactSources(spec, node, input));
}

function allSources(spec: PipelineSpecJson, node: TaskNode): Source[] {
  const parameters = Object.keys(node.task.inputs?.parameters ?? {});
  return [
    ...artifactsOf(spec, node),
    ...parameters.flatMap((input) => parameterSources(spec, node, input)),
  ];
}

function artifactNames({ task }: TaskNode): string[] {
  return Object.keys(task.inputs?.artifacts ?? {});
}

function nodesOf(sources: readonly Source[]): TaskNode[] {
  return sources.flatMap(({ node }) => node ?? []);
}

/** The nodes and all that a step leads to from them, each once. */
function closure(
  start: readonly TaskNode[],
  step: (node: TaskNode) => readonly TaskNode[],
): TaskNode[] {
  const visited = new Map(start.map((node) => [node.path, node]));
  // A Map's iterator also meets what is added while it runs.
  for (const node of visited.values()) {
    for (const next of step(node)) if (!visited.has(next.path)) visited.set(next.path, next);
  }
  return [...visited.values()];
}
