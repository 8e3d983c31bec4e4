// What is known of a component's platform settings before a run: names that are constants, or parameters of the run
// handed down to where the task is.
//
// K1. Names are known only for tasks that are sure to run: a secret that a branch needs is missed when the branch is
//     taken, not before. Everything else a setting asks for is known for all.

import { constantOf, type InputParameterJson, type Pipeline } from '../ir/index.js';
import type { DagSpecJson, PipelineTaskSpecJson } from '../ir/index.js';
import {
  kubernetesConfig,
  platformNames,
  taskPlatform,
  WORKSPACE_PATH,
  WORKSPACE_PLACEHOLDER,
  type PlatformSettings,
} from '../ir/platform/index.js';
import type { JsonObject, JsonValue } from '../util/index.js';

/** The settings of each task that runs an executor, as far as they are known. */
export function knownPlatform(
  pipeline: Pipeline,
  label: string,
  parameters: JsonObject,
): PlatformSettings[] {
  const references = platformNames(kubernetesConfig(pipeline, label) ?? {});
  const root = { dag: pipeline.spec.root?.dag ?? {}, inputs: parameters, isSure: true };
  return tasksBelow(pipeline, root)
    .filter(({ task }) => componentOf(pipeline, task)?.executorLabel === label)
    .flatMap(({ task, inputs, isSure }) => {
      const names = isSure ? knownValues(references, inputs) : {};
      const own = knownValues(task.inputs?.parameters ?? {}, inputs);
      const settings = taskPlatform(pipeline, label, own, names);
      return settings === undefined ? [] : [settings];
    });
}

interface KnownDag {
  readonly dag: DagSpecJson;
  /** The DAG's inputs, as far as they are known. */
  readonly inputs: JsonObject;
  readonly isSure: boolean;
}

interface PlacedTask extends Omit<KnownDag, 'dag'> {
  readonly task: PipelineTaskSpecJson;
}

function tasksBelow(pipeline: Pipeline, { dag, inputs, isSure }: KnownDag): PlacedTask[] {
  return Object.values(dag.tasks ?? {}).flatMap((task) => {
    const below = componentOf(pipeline, task)?.dag;
    const isTaken = isSure && !task.triggerPolicy?.condition; // K1
    if (below === undefined) return [{ task, inputs, isSure: isTaken }];
    const handedDown = knownValues(task.inputs?.parameters ?? {}, inputs);
    return tasksBelow(pipeline, { dag: below, inputs: handedDown, isSure: isTaken });
  });
}

function componentOf({ spec }: Pipeline, { componentRef }: PipelineTaskSpecJson) {
  return spec.components?.[componentRef?.name ?? ''];
}

function knownValues(
  references: Readonly<Record<string, InputParameterJson>>,
  inputs: JsonObject,
): JsonObject {
  const entries = Object.entries(references).flatMap(([name, reference]) => {
    const value = knownValue(reference, inputs);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

function knownValue(
  { componentInputParameter, runtimeValue, parameterExpressionSelector }: InputParameterJson,
  inputs: JsonObject,
): JsonValue | undefined {
  if (parameterExpressionSelector) return undefined;
  if (componentInputParameter) return inputs[componentInputParameter];
  const constant = runtimeValue && constantOf(runtimeValue);
  return typeof constant === 'string'
    ? constant.replaceAll(WORKSPACE_PLACEHOLDER, WORKSPACE_PATH)
    : constant;
}
