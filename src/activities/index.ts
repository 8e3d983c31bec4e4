// The activities as Temporal sees them: heartbeats, cancellation and error mapping around plain functions.

import { Context } from '@temporalio/activity';
import type { AnnealActivities, MonitorActivities, RunIdentity } from '../contract/index.js';
import { hooksOf } from '../events/index.js';
import { reopenRun } from '../lineage/index.js';
import type { ActivityParts } from './activity-parts.js';
import { deployModel } from './deploy-model.js';
import { importArtifact } from './import-artifact.js';
import { createMonitorActivities } from './monitor-activities.js';
import { PipelineLoader } from './load-pipeline.js';
import { lookUpTask } from './lookup-cache.js';
import { loadGraph, prepareRun } from './prepare-run.js';
import { recordRun } from './record-run.js';
import { ReuseSources } from './reuse-sources.js';
import { runTask } from './run-task.js';
import { tellHook } from './tell-hook.js';
import { toFailure } from './to-failure.js';
import { withHeartbeat, type BeatingWork } from './with-heartbeat.js';

export type { ActivityParts, DrainPolicy } from './activity-parts.js';

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
    runTask: (request) =>
      beating(request, (work) => {
        const { runId: workflowRunId } = Context.current().info.workflowExecution!;
        return runTask(parts, loader, request, { ...work, workflowRunId });
      }),
    importArtifact: (request) =>
      beating(request, ({ signal }) => importArtifact(parts, request, signal)),
    deployModel: (request) => beating(request, (work) => deployModel(parts, request, work)),
    deliverEvent: (request) =>
      mapped(tellHook(parts, request, Context.current().cancellationSignal)),
    recordRun: async (view) => {
      await mapped(recordRun(parts, view));
      await mapped(parts.runners.endRun(view.runId));
    },
  };
}

async function mapped<Result>(work: Promise<Result>, task?: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw toFailure(error, task);
  }
}
