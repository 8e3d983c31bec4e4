// Runs a task that has no tasks below it: an importer, a deployment, or code.
//
// F1. Lost infrastructure is the port's business; here only the task's own retryPolicy counts tries.
// F2. A deployment is never answered from the cache, nor from the run that is retried.
// F3. A retry asks also for tasks whose caching is off: the same run goes on.

import {
  isInPlace,
  type ExecutorPlan,
  type TaskRequest,
  type TaskResult,
} from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import { deployFailure } from './deploy-failure.js';
import { deployRequest } from './deploy-request.js';
import { importRequest } from './import-request.js';
import { flowOf, NO_VALUES } from './flow-values.js';
import { runGuardedDeploy } from './run-guarded-deploy.js';
import { viewOfValues } from './run-tracker.js';
import type { RunContext, TaskOutcome } from './scope.js';
import type { LeafTask } from './leaf-task.js';
import { withRetries } from './with-retries.js';

/** Runs a leaf to its end. @throws TaskFailure when every allowed try failed */
export async function runLeaf(context: RunContext, leaf: LeafTask): Promise<TaskOutcome> {
  const executor = executorOf(context, leaf);
  if (executor.kind === 'deploy' && context.plan.deploy === false) {
    context.tracker.ended(leaf.path, 'skipped', { reason: 'this run deploys nothing' });
    return { status: 'skipped', outputs: NO_VALUES };
  }
  const guarded = executor.kind === 'deploy' ? runGuardedDeploy(context, leaf) : undefined;
  if (guarded !== undefined) return guarded;
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

/** Of runs of versions that knew no rules. */
async function deploy(context: RunContext, leaf: LeafTask, attempt: number): Promise<TaskResult> {
  const request = deployRequest(context.plan, leaf, attempt);
  const result = await context.port.deployModel(request, { shielded: leaf.shielded });
  context.tracker.deployed(leaf.path, result.deployment);
  if (isInPlace(result.deployment)) return { ...result, cached: false };
  throw deployFailure(leaf.path, { ...result.deployment, endpoint: request.endpointName });
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
