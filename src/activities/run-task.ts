import type { TaskRequest, TaskResult } from '../contract/index.js';
import { AnnealError, isAnnealError } from '../errors/index.js';
import {
  componentDigest,
  keys,
  platformDigest,
  publishManifest,
  rememberExecution,
  writeFailure,
} from '../lineage/index.js';
import { executeTask } from '../runners/index.js';
import type { PlaceholderNames } from '../runners/index.js';
import type { ActivityParts } from './activity-parts.js';
import type { PipelineLoader } from './load-pipeline.js';
import { forgetEarlierFailure } from './forget-earlier-failure.js';
import { taskExecutor } from './task-executor.js';
import { publishedResult, taskResult } from './task-result.js';
import { errorView } from './to-failure.js';
import type { BeatingWork } from './with-heartbeat.js';

/** What Temporal tells about the activity. */
export interface TryContext extends BeatingWork {
  /** Id of the workflow run: another one after `temporal workflow reset`. */
  readonly workflowRunId: string;
}

/**
 * Runs one user-level try of a task and publishes what it made. A second call for the same try adopts what
 * the first one published, or waits for the process it left running.
 */
export async function runTask(
  parts: ActivityParts,
  loader: PipelineLoader,
  request: TaskRequest,
  { signal, progress, workflowRunId }: TryContext,
): Promise<TaskResult> {
  const { store } = parts;
  const manifestKey = keys.manifestKey(request.run.runId, request.task);
  const earlier = await publishedResult(store, request);
  if (earlier !== undefined) return earlier;
  await forgetEarlierFailure(store, request, workflowRunId);

  const startedAt = new Date().toISOString();
  const { component, executor, container, platform } = await taskExecutor(loader, request);
  const runner = await parts.runners.get(request.runner).catch(leaveToAnother);
  const stagingKey = keys.attemptFolder(request.run.runId, request.task, request.attempt);
  try {
    const done = await executeTask(
      {
        id: { runId: request.run.runId, task: request.task, attempt: request.attempt },
        stagingKey,
        component,
        container,
        inputs: request.inputs,
        names: placeholderNames(parts, request),
        variables: parts.traceVariables?.(),
        timeoutSeconds: platform?.timeoutSeconds,
        platform,
      },
      { store, runner, signal, admit: parts.admit, progress },
    );
    const { manifest } = await publishManifest(store, {
      schemaVersion: 1,
      run: request.run,
      task: request.task,
      component: request.component,
      componentDigest: componentDigest(component, executor),
      attempt: request.attempt,
      inputs: request.inputs,
      outputs: done.outputs,
      environmentDigest: done.environmentDigest,
      platformDigest: platformDigest(platform),
      runner: runner.name,
      worker: parts.identity,
      cacheKey: request.cacheKey,
      startedAt: done.startedAt,
      finishedAt: done.finishedAt,
      logKey: done.logKey,
      peakMemoryBytes: done.peakMemoryBytes,
    });
    if (request.cacheKey !== undefined)
      await rememberExecution(store, request.cacheKey, manifestKey);
    const staging = await store.stage(stagingKey);
    await staging.release().catch(() => undefined); // what stays behind is removed by its age
    return taskResult(manifest, manifestKey);
  } catch (error) {
    if (isAnnealError(error) && !error.retryable && error.code !== 'E_TASK_HANDED_OVER')
      await recordFailure(parts, request, { startedAt, workflowRunId, error });
    throw error;
  }
}

/** A run is refused where its runner cannot be had; once it is under way another worker may have it. */
function leaveToAnother(error: unknown): never {
  if (!isAnnealError(error) || error.code !== 'E_RUNNER') throw error;
  const { message, code, hint, where, details } = error;
  throw new AnnealError(message, { code, hint, where, details, retryable: true, cause: error });
}

async function recordFailure(
  { store }: ActivityParts,
  request: TaskRequest,
  {
    startedAt,
    workflowRunId,
    error,
  }: { readonly startedAt: string; readonly workflowRunId: string; readonly error: unknown },
): Promise<void> {
  const { runId } = request.run;
  await writeFailure(store, {
    schemaVersion: 1,
    run: request.run,
    task: request.task,
    component: request.component,
    attempt: request.attempt,
    error: errorView(error, request.task),
    startedAt,
    finishedAt: new Date().toISOString(),
    logKey: `${keys.attemptFolder(runId, request.task, request.attempt)}/log.txt`,
    workflowRunId,
  });
}

function placeholderNames({ store }: ActivityParts, request: TaskRequest): PlaceholderNames {
  const { runId } = request.run;
  return {
    jobName: runId,
    jobResourceName: runId,
    jobId: runId,
    taskName: request.task.split('/').at(-1) ?? request.task,
    taskId: `${runId}/${request.task}`,
    pipelineRoot: store.uriOf(keys.runFolder(runId)),
    createTime: request.run.createdAt,
    scheduleTime: request.run.scheduledAt,
  };
}
