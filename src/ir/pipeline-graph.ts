// A pipeline as the interpreter takes it: the graph, and how each executor is carried out.

import { isDeployComponent } from './deploy-component.js';
import type { ExecutorPlan } from './executor-plan.js';
import type { Pipeline } from './pipeline.js';
import { kubernetesConfig, platformNames } from './platform/index.js';
import type { PipelineSpecJson } from './spec.js';

export interface PipelineGraph {
  /** The spec without `deploymentSpec`. */
  readonly spec: PipelineSpecJson;
  readonly executors: Readonly<Record<string, ExecutorPlan>>;
}

/** How each executor label is carried out. */
export function planExecutors(pipeline: Pipeline): Record<string, ExecutorPlan> {
  const { spec, deployment } = pipeline;
  const deployLabels = new Set(
    Object.values(spec.components ?? {})
      .filter((component) => isDeployComponent(component))
      .map(({ executorLabel }) => executorLabel),
  );
  const plans = Object.entries(deployment.executors).map(
    ([label, executor]): [string, ExecutorPlan] => {
      if (deployLabels.has(label)) return [label, { kind: 'deploy' }];
      if (executor.importer === undefined) return [label, containerPlan(pipeline, label)];
      return [label, { kind: 'importer', importer: executor.importer }];
    },
  );
  return Object.fromEntries(plans);
}

/** The graph; executors' code is left out. */
export function pipelineGraph(
  { spec }: Pick<Pipeline, 'spec'>,
  executors: Readonly<Record<string, ExecutorPlan>>,
): PipelineGraph {
  return { spec: { ...spec, deploymentSpec: undefined }, executors };
}

function containerPlan(pipeline: Pipeline, label: string): ExecutorPlan {
  const config = kubernetesConfig(pipeline, label);
  const names = config === undefined ? {} : platformNames(config);
  return Object.keys(names).length === 0
    ? { kind: 'container' }
    : { kind: 'container', platformNames: names };
}
