// The activities as Temporal sees them: heartbeats, cancellation and error mapping around plain functions.

import { Context } from '@temporalio/activity';
import type { AnnealActivities, MonitorActivities, RunIdentity } from '../contract/index.js';
import { hooksOf } from '../events/index.js';
import { reopenRun } from '../lineage/index.js';
import type { ActivityParts } from './activity-parts.js';
import { deployModel } from './deploy-model.js';
import { askForTurn, isRunOpen } from './deploy-turn.js';
import { deployVersion } from './deploy-version.js';
import { importArtifact } from './import-artifact.js';
import { judgeModel } from './judge-model.js';
import { createMonitorActivities } from './monitor-activities.js';
import { PipelineLoader } from './load-pipeline.js';
import { lookUpTask } from './lookup-cache.js';
import { loadGraph, prepareRun } from './prepare-run.js';
import { recordApproval } from './record-approval.js';
import { recordRun } from './record-run.js';
import { ReuseSources } from './reuse-sources.js';
import { runTask, type TryContext } from './run-task.js';
import { tellHook } from './tell-hook.js';
import { toFailure } from './to-failure.js';
import { withHeartbeat, type BeatingWork } from './with-heartbeat.js';

export type { ActivityParts, DrainPolicy } from './activity-parts.js';

/** Well within the timeout of `delivery` in src/workflow/activity-options.ts. */
const TELLING_BEAT_MS = 30_000;

/** Makes the activities that a worker offers. */
export function createActivities(parts: ActivityParts): AnnealActivities & MonitorActivities {
  const loader = new PipelineLoader(parts.store);
  const reuses = new ReuseSources(parts.store);
  const beating = <Result>(
    { task, run }: { readonly task: string; readonly run: RunIdentity },
    work: (beating: BeatingWork) => Promise<Result>,
  ) =>
    withHeartbeat(task, parts, async (beating) => {
      await reopenRun(parts.store, run.runId);
      return work(beating);
    });

  return {
    ...createMonitorActivities(parts),
    prepareRun: (request) =>
      prepareRun(parts, loader, request).catch((error: unknown) => {
        const hooks = hooksOf(parts.hooks, request.input?.pipeline?.name ?? '');
        throw toFailure(error, undefined, hooks.length === 0 ? [] : [hooks]);
      }),
    loadGraph: (run) => mapped(loadGraph(loader, run)),
    lookupCache: (request) => mapped(lookUpTask(parts, { loader, reuses }, request), request.task),
    runTask: (request) => beating(request, (work) => runTask(parts, loader, request, inTry(work))),
    importArtifact: (request) =>
      beating(request, ({ signal }) => importArtifact(parts, request, signal)),
    judgeModel: (request) =>
      beating(request, (work) => judgeModel(parts, loader, request, inTry(work))),
    recordApproval: (request) => mapped(recordApproval(parts, request), request.deployment.task),
    deployModel: (request) => beating(request, (work) => deployModel(parts, request, work)),
    deployVersion: (request) =>
      withHeartbeat(`${request.name}@${request.version}`, parts, (work) =>
        deployVersion(parts, request, work),
      ),
    askForTurn: (request) =>
      mapped(askForTurn(Context.current().client, parts.taskQueue, request), request.task),
    isRunOpen: (request) => isRunOpen(Context.current().client, request),
    deliverEvent: (request) =>
      mapped(telling((signal, warn) => tellHook(parts, request, { signal, warn }))),
    recordRun: async (view) => {
      await mapped(recordRun(parts, view));
      await mapped(parts.runners.endRun(view.runId));
    },
  };
}

/** Beats while a hook is told: some get models. */
async function telling(
  tell: (signal: AbortSignal, warn: (sentence: string) => void) => Promise<void>,
): Promise<void> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), TELLING_BEAT_MS);
  try {
    await tell(context.cancellationSignal, (sentence) => {
      context.log.warn(sentence);
    });
  } finally {
    clearInterval(timer);
  }
}

/** Work with what Temporal tells about its try. */
function inTry(work: BeatingWork): TryContext {
  const { runId: workflowRunId } = Context.current().info.workflowExecution!;
  return { ...work, workflowRunId };
}

async function mapped<Result>(work: Promise<Result>, task?: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw toFailure(error, task);
  }
}
