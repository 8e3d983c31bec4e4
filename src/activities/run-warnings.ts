// What a run should tell its user: settings that have no effect here, and tasks carried out in another way.

import type { ExecutorPlan, RunnerName } from '../contract/index.js';
import type { ComponentSpecJson, Pipeline } from '../ir/index.js';
import { kubernetesConfig } from '../ir/platform/index.js';
import { PLATFORM_SUPPORT } from '../runners/index.js';

/** One sentence each, in a stable order. @param runner  where the tasks will run */
export function runWarnings(
  pipeline: Pipeline,
  executors: Readonly<Record<string, ExecutorPlan>>,
  runner: RunnerName,
): string[] {
  return [
    ...pipeline.warnings,
    ...deployWarnings(pipeline, executors),
    ...groupRetryWarnings(pipeline),
    ...platformWarnings(pipeline, runner),
    ...pipelineConfigWarnings(pipeline, runner),
  ];
}

/** A deploy task of somebody else's pipeline does not run its own code: say so. */
function deployWarnings(
  { deployment }: Pipeline,
  executors: Readonly<Record<string, ExecutorPlan>>,
): string[] {
  return Object.entries(executors)
    .filter(([label, { kind }]) => {
      const image = deployment.executors[label]?.container?.image ?? '';
      return kind === 'deploy' && !image.startsWith('anneal-tasks');
    })
    .map(
      ([label]) =>
        `${shortName(label)}: Anneal's deployer carries out this task; its own code does not run.`,
    );
}

/** KFP's backend applies a retry policy to containers only. */
function groupRetryWarnings({ spec }: Pipeline): string[] {
  const components = spec.components ?? {};
  const dags = [spec.root, ...Object.values(components)].map((component) => component?.dag);
  return dags
    .flatMap((dag) => Object.entries(dag?.tasks ?? {}))
    .filter(([, task]) => (task.retryPolicy?.maxRetryCount ?? 0) > 0)
    .filter(([, task]) => isGroup(components[task.componentRef?.name ?? '']))
    .map(
      ([name]) =>
        `${name}: a retry policy on a group of tasks has no effect; set it on the tasks within.`,
    );
}

function isGroup(component: ComponentSpecJson | undefined): boolean {
  return component?.dag !== undefined;
}

/** Settings that the runner passes over, in the order of the executors. */
function platformWarnings(pipeline: Pipeline, runner: RunnerName): string[] {
  return Object.keys(pipeline.deployment.executors).flatMap((label) => {
    const config: Readonly<Record<string, unknown>> = kubernetesConfig(pipeline, label) ?? {};
    return Object.entries(PLATFORM_SUPPORT).flatMap(([setting, { [runner]: support }]) =>
      config[setting] === undefined || typeof support === 'string'
        ? []
        : [
            `${shortName(label)}: platforms.kubernetes.${setting} has no effect here: ${support.ignored}.`,
          ],
    );
  });
}

/** Settings of the whole pipeline that only a cluster's controller carries out. */
function pipelineConfigWarnings({ platform }: Pipeline, runner: RunnerName): string[] {
  const reason =
    runner === 'kubernetes'
      ? 'ANNEAL_KUBERNETES_KEEP_SECONDS says how long Jobs are kept'
      : 'runs have no pods to limit or remove';
  const config = platform?.platforms?.['kubernetes']?.pipelineConfig ?? {};
  return Object.keys(config)
    .filter((setting) => setting !== 'workspace')
    .map(
      (setting) => `platforms.kubernetes.pipelineConfig.${setting} has no effect here: ${reason}.`,
    );
}

function shortName(label: string): string {
  return label.replace(/^exec-/u, '');
}
