import type { ExecutorPlan, RunPlan } from '../../../../src/contract/index.js';
import type { ComponentSpecJson, PipelineTaskSpecJson } from '../../../../src/ir/index.js';
import type { JsonObject } from '../../../../src/util/index.js';

export interface PlanOptions {
  readonly tasks: Record<string, PipelineTaskSpecJson>;
  readonly components?: Record<string, ComponentSpecJson>;
  readonly executors?: Record<string, ExecutorPlan>;
  readonly root?: Partial<ComponentSpecJson>;
  readonly outputs?: NonNullable<ComponentSpecJson['dag']>['outputs'];
  readonly parameters?: JsonObject;
  readonly cache?: boolean;
}

/** A component that runs code and takes and gives what the map says. */
export function code(
  label: string,
  interfaceOf: {
    inputs?: NonNullable<ComponentSpecJson['inputDefinitions']>;
    outputs?: NonNullable<ComponentSpecJson['outputDefinitions']>;
  } = {},
): ComponentSpecJson {
  return {
    executorLabel: label,
    inputDefinitions: interfaceOf.inputs,
    outputDefinitions: interfaceOf.outputs,
  };
}

/** A plan whose every component without its own entry runs code under one executor. */
export function plan(options: PlanOptions): RunPlan {
  const components: Record<string, ComponentSpecJson> = {
    'comp-step': code('exec-step'),
    ...options.components,
  };
  const labels = Object.values(components).flatMap(({ executorLabel }) => executorLabel ?? []);
  const executors = Object.fromEntries(
    labels.map((label) => [label, { kind: 'container' } as const]),
  );
  return {
    run: { runId: 'run-1', pipeline: 'p', digest: 'sha256:0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    spec: {
      components,
      root: { dag: { tasks: options.tasks, outputs: options.outputs }, ...options.root },
    },
    executors: { ...executors, ...options.executors },
    parameters: options.parameters ?? {},
    cache: options.cache ?? true,
    warnings: [],
    searchAttributes: false,
    heartbeatSeconds: 10,
  };
}

/** A task of a component, after others. */
export function task(
  component = 'comp-step',
  rest: Omit<PipelineTaskSpecJson, 'componentRef'> = {},
): PipelineTaskSpecJson {
  return { componentRef: { name: component }, ...rest };
}
