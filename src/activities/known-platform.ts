// What is known of a component's platform settings before a run: names that are constants, or parameters of the run.

import { constantOf, type InputParameterJson, type Pipeline } from '../ir/index.js';
import type { PipelineTaskSpecJson } from '../ir/index.js';
import {
  kubernetesConfig,
  platformNames,
  WORKSPACE_PATH,
  WORKSPACE_PLACEHOLDER,
  type PlatformSettings,
} from '../ir/platform/index.js';
import type { JsonObject, JsonValue } from '../util/index.js';
import { taskPlatform } from './task-platform.js';

/** The settings of each task that runs the executor, as far as they are known. */
export function knownPlatform(
  pipeline: Pipeline,
  label: string,
  parameters: JsonObject,
): PlatformSettings[] {
  const references = platformNames(kubernetesConfig(pipeline, label) ?? {});
  return tasksOf(pipeline, label, parameters).flatMap(({ task, inputs }) => {
    const valueOf = (reference: InputParameterJson): JsonValue | undefined => {
      const { componentInputParameter, runtimeValue } = reference;
      if (componentInputParameter) return inputs[componentInputParameter];
      return runtimeValue && constantOf(runtimeValue);
    };
    const known = (record: Readonly<Record<string, InputParameterJson>>): JsonObject =>
      Object.fromEntries(
        Object.entries(record).flatMap(([key, reference]) => {
          const value = valueOf(reference);
          return value === undefined ? [] : [[key, withWorkspace(value)]];
        }),
      );
    const own = known(task.inputs?.parameters ?? {});
    const settings = taskPlatform(pipeline, label, own, known(references));
    return settings === undefined ? [] : [settings];
  });
}

interface PlacedTask {
  readonly task: PipelineTaskSpecJson;
  /** Inputs of the DAG around it: known for the root alone. */
  readonly inputs: JsonObject;
}

function tasksOf({ spec }: Pipeline, label: string, parameters: JsonObject): PlacedTask[] {
  const dags = [
    { dag: spec.root?.dag, inputs: parameters },
    ...Object.values(spec.components ?? {}).map(({ dag }) => ({ dag, inputs: {} })),
  ];
  return dags.flatMap(({ dag, inputs }) =>
    Object.values(dag?.tasks ?? {})
      .filter(({ componentRef }) => {
        return spec.components?.[componentRef?.name ?? '']?.executorLabel === label;
      })
      .map((task) => ({ task, inputs })),
  );
}

function withWorkspace(value: JsonValue): JsonValue {
  return typeof value === 'string'
    ? value.replaceAll(WORKSPACE_PLACEHOLDER, WORKSPACE_PATH)
    : value;
}
