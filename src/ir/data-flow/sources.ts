// Where a value comes from, followed through groups and loops to the tasks that make it.
//
// S1. All branches count: what may come from either of two tasks has two sources.

import type { PipelineSpecJson } from '../spec.js';
import { childOf, type TaskNode } from './task-node.js';

/** An output of a task, or an input of the pipeline. */
export interface Source {
  /** Absent for an input of the pipeline. */
  readonly node?: TaskNode;
  readonly output: string;
}

export function isSameSource(left: Source, right: Source): boolean {
  return left.node?.path === right.node?.path && left.output === right.output;
}

/** Sources of an artifact input (S1). */
export function artifactSources(spec: PipelineSpecJson, node: TaskNode, input: string): Source[] {
  const given = node.task.inputs?.artifacts?.[input];
  if (given?.taskOutputArtifact !== undefined) {
    const { producerTask = '', outputArtifactKey = '' } = given.taskOutputArtifact;
    const producer = childOf(spec, node.parent, producerTask);
    return producer === undefined ? [] : madeArtifacts(spec, producer, outputArtifactKey);
  }
  const outer = given?.componentInputArtifact;
  if (outer !== undefined) return outerSources(node, outer, artifactSources, spec);
  const { items, itemInput } = node.task.artifactIterator ?? {};
  if (itemInput !== input || items?.inputArtifact === undefined) return [];
  return artifactSources(spec, node, items.inputArtifact);
}

/** Sources of a parameter input (S1); constants have none. */
export function parameterSources(spec: PipelineSpecJson, node: TaskNode, input: string): Source[] {
  const given = node.task.inputs?.parameters?.[input];
  if (given?.taskOutputParameter !== undefined) {
    const { producerTask = '', outputParameterKey = '' } = given.taskOutputParameter;
    const producer = childOf(spec, node.parent, producerTask);
    return producer === undefined ? [] : madeParameters(spec, producer, outputParameterKey);
  }
  const outer = given?.componentInputParameter;
  if (outer !== undefined) return outerSources(node, outer, parameterSources, spec);
  const { items, itemInput } = node.task.parameterIterator ?? {};
  if (itemInput !== input || items?.inputParameter === undefined) return [];
  return parameterSources(spec, node, items.inputParameter);
}

/** Names of a task's artifact inputs of one type. @param title  KFP schema title */
export function inputsOfType({ component }: TaskNode, title: string): string[] {
  const definitions = Object.entries(component.inputDefinitions?.artifacts ?? {});
  return definitions
    .filter(([, { artifactType }]) => artifactType?.schemaTitle === title)
    .map(([name]) => name);
}

function outerSources(
  { parent }: TaskNode,
  name: string,
  follow: (spec: PipelineSpecJson, node: TaskNode, input: string) => Source[],
  spec: PipelineSpecJson,
): Source[] {
  return parent === undefined ? [{ output: name }] : follow(spec, parent, name);
}

function madeArtifacts(spec: PipelineSpecJson, node: TaskNode, output: string): Source[] {
  const { dag } = node.component;
  if (dag === undefined) return [{ node, output }];
  const selectors = dag.outputs?.artifacts?.[output]?.artifactSelectors ?? [];
  return selectors.flatMap(({ producerSubtask = '', outputArtifactKey = '' }) => {
    const inner = childOf(spec, node, producerSubtask);
    return inner === undefined ? [] : madeArtifacts(spec, inner, outputArtifactKey);
  });
}

function madeParameters(spec: PipelineSpecJson, node: TaskNode, output: string): Source[] {
  const { dag } = node.component;
  if (dag === undefined) return [{ node, output }];
  const { valueFromParameter, valueFromOneof } = dag.outputs?.parameters?.[output] ?? {};
  const selectors = [
    ...(valueFromParameter === undefined ? [] : [valueFromParameter]),
    ...(valueFromOneof?.parameterSelectors ?? []),
  ];
  return selectors.flatMap(({ producerSubtask = '', outputParameterKey = '' }) => {
    const inner = childOf(spec, node, producerSubtask);
    return inner === undefined ? [] : madeParameters(spec, inner, outputParameterKey);
  });
}
