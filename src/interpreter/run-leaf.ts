// Runs a task that has no tasks below it: an importer, a deployment, or code.
//
// F1. Lost infrastructure is the port's business; here only the task's own retryPolicy counts tries.
// F2. A deployment is never answered from the cache, nor from the run that is retried.
// F3. A retry asks also for tasks whose caching is off: the same run goes on.

import type { ExecutorPlan, TaskRequest, TaskResult } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import { deployRequest } from './deploy-request.js';
import { importRequest } from './import-request.js';
import { flowOf, NO_VALUES } from './flow-values.js';
import { asTaskFailure, TaskFailure } from './port.js';
import { retryDelayMs } from './retry-policy.js';
import { viewOfValues } from './run-tracker.js';
import type { RunContext, TaskOutcome } from './scope.js';
import type { LeafTask } from './leaf-task.js';

/** Runs a leaf to its end. @throws TaskFailure when every allowed try failed */
export async function runLeaf(context: RunContext, leaf: LeafTask): Promise<TaskOutcome> {
  const executor = executorOf(context, leaf);
  if (executor.kind === 'deploy' && context.plan.deploy === false) {
    context.tracker.ended(leaf.path, 'skipped', { reason: 'this run deploys nothing' });
    return { status: 'skipped', outputs: NO_VALUES };
  }
  const result = await withRetries(context, leaf, (attempt) =>
    context.slots.use(() => {
      const { port } = context;
      const options = { shielded: leaf.shielded };
      switch (executor.kind) {
        case 'importer':
          return port.importArtifact(
            importRequest(context.plan, leaf, executor.importer ?? {}),
            options,
          );
        case 'deploy':
          return deploy(context, leaf, attempt);
        case 'container':
          return runContainer(context, leaf, attempt);
      }
    }),
  );
  const outputs = flowOf(result.outputs);
  context.tracker.succeeded(leaf.path, outputs, result);
  return { status: 'succeeded', outputs };
}

async function withRetries(
  context: RunContext,
  leaf: LeafTask,
  run: (attempt: number) => Promise<TaskResult>,
): Promise<TaskResult> {
  for (let attempt = 1; ; attempt += 1) {
    const held = attempt > 1 ? context.port.hold(leaf) : undefined;
    if (held !== undefined) await held;
    context.tracker.attempted(leaf.path, attempt);
    try {
      return await run(attempt);
    } catch (error) {
      const failure = asTaskFailure(error);
      const delay = failure.canceled
        ? undefined
        : retryDelayMs(leaf.task, attempt, failure.view.code);
      if (delay === undefined) throw failure;
      await context.port.sleep(delay, `${leaf.path}: before try ${attempt + 1}`, {
        shielded: leaf.shielded,
      });
    }
  }
}

async function runContainer(
  context: RunContext,
  leaf: LeafTask,
  attempt: number,
): Promise<TaskResult> {
  const request = taskRequest(context, leaf, attempt);
  const options = { shielded: leaf.shielded };
  const { cache, reuse } = context.plan;
  const isCached = cache && leaf.task.cachingOptions?.enableCache === true;
  if (!isCached && reuse === undefined) return context.port.runTask(request, options);
  const question =
    reuse === undefined ? request : { ...request, reuse: { ...reuse, cache: isCached } };
  const { cacheKey, hit, reason } = await context.port.lookupCache(question, options);
  context.tracker.explained(leaf.path, reason);
  return hit ?? context.port.runTask({ ...request, cacheKey }, options);
}

async function deploy(context: RunContext, leaf: LeafTask, attempt: number): Promise<TaskResult> {
  const request = deployRequest(context.plan, leaf, attempt);
  const result = await context.port.deployModel(request, { shielded: leaf.shielded });
  context.tracker.deployed(leaf.path, result.deployment);
  const { status } = result.deployment;
  if (status === 'promoted' || status === 'shadowing') return { ...result, cached: false };
  throw new TaskFailure({
    code: 'E_DEPLOY',
    message: `Endpoint "${request.endpointName}" was not changed: ${(result.deployment.reason ?? result.deployment.status).replace(/\.$/u, '')}.`,
    task: leaf.path,
    hint: 'The model that served before still serves; mend the candidate and run again.',
  });
}

function taskRequest(context: RunContext, leaf: LeafTask, attempt: number): TaskRequest {
  return {
    run: context.plan.run,
    task: leaf.path,
    component: leaf.task.componentRef?.name ?? '',
    executor: leaf.component.executorLabel ?? '',
    attempt,
    inputs: viewOfValues(leaf.inputs),
    platformNames: leaf.platformNames,
    baseFolder: context.plan.baseFolder,
    ...(context.plan.runner === undefined ? {} : { runner: context.plan.runner }),
  };
}

function executorOf(context: RunContext, leaf: LeafTask): ExecutorPlan {
  const label = leaf.component.executorLabel ?? '';
  const executor = context.plan.executors[label];
  if (executor !== undefined) return executor;
  throw new AnnealError(`Task "${leaf.path}" needs executor "${label}", which the spec lacks.`, {
    code: 'E_UNKNOWN_EXECUTOR',
    hint: 'Compile the pipeline again.',
  });
}
