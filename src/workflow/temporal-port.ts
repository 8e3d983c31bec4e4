// Binds the interpreter's port to Temporal: activities, timers, cancellation.

import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  patched,
  proxyLocalActivities,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow';
import { SLICE_WORKFLOW } from '../contract/index.js';
import type {
  AnnealActivities,
  ErrorView,
  RunPlan,
  SliceRequest,
  SliceResult,
} from '../contract/index.js';
import { TaskFailure } from '../interpreter/index.js';
import type { CallOptions, InterpreterPort } from '../interpreter/index.js';
import { quickActivity } from './activity-options.js';
import type { Approver } from './approvals.js';
import type { DeployTurns } from './deploy-turns.js';
import { assertSendable } from './payload-size.js';
import type { RunControl } from './run-control.js';
import { taskCalls } from './task-calls.js';

/** Marks histories of runs whose deployments are judged by the endpoint's policy and take turns. */
const GUARDED_DEPLOYS = 'guarded-deploys';

export interface PortParts {
  /** What a cancellation of the run cancels. */
  readonly scope: CancellationScope;
  readonly control: RunControl;
  readonly approvals: Approver;
  readonly turns: DeployTurns;
  readonly onChange: () => void;
}

/** Makes the port of one run. */
export function temporalPort(
  plan: RunPlan,
  { scope, control, approvals, turns, onChange }: PortParts,
): InterpreterPort {
  let canceled = false;
  scope.cancelRequested.catch(() => {
    canceled = true;
  });

  const guarded = async <Result>(
    options: CallOptions,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    onChange();
    try {
      return await (options.shielded ? CancellationScope.nonCancellable(work) : work());
    } catch (error) {
      throw taskFailure(error);
    } finally {
      onChange();
    }
  };
  const send = <Request extends { readonly task: string }, Result>(
    request: Request,
    options: CallOptions,
    work: (request: Request) => Promise<Result>,
  ): Promise<Result> =>
    guarded(options, async () => {
      assertSendable(request);
      return work(request);
    });
  const calls = taskCalls(plan);
  const quick = ({ task }: { readonly task: string }) =>
    proxyLocalActivities<AnnealActivities>(quickActivity(`${task}: cache look-up`));

  return {
    lookupCache: (request, options) => send(request, options, quick(request).lookupCache),
    runTask: (request, options) => send(request, options, (each) => calls.runTask(each)),
    importArtifact: (request, options) =>
      send(request, options, (each) => calls.importArtifact(each)),
    judgeModel: (request, options) =>
      patched(GUARDED_DEPLOYS)
        ? send(request, options, (each) => calls.judgeModel(each))
        : undefined,
    deployModel: (request, options) => send(request, options, (each) => calls.deployModel(each)),
    awaitApproval: (request, options) => guarded(options, () => approvals.wait(request)),
    recordApproval: (request, options) => guarded(options, () => calls.recordApproval(request)),
    awaitTurn: (turn, options) => guarded(options, () => turns.take(turn)),
    endTurn: (turn, isDeployed) => turns.end(turn, isDeployed),
    runSlice: (request, options) =>
      send(request, options, () => {
        const workflowId = `${plan.run.runId}/${request.path}/${request.offset}`;
        return control.withSlice(workflowId, () => runSliceWorkflow(workflowId, request));
      }),
    sleep: (milliseconds, summary, options) =>
      guarded(options, () => sleep(Math.max(milliseconds, 1), { summary })),
    now: () => Date.now(),
    isCanceled: () => canceled,
    hold: ({ shielded }) =>
      control
        .hold(shielded, () => canceled)
        ?.catch((error: unknown) => {
          throw taskFailure(error);
        }),
  };
}

/** A slice is a child workflow that ends with its parent. */
function runSliceWorkflow(workflowId: string, request: SliceRequest): Promise<SliceResult> {
  const last = request.offset + request.items.length - 1;
  return executeChild<(request: SliceRequest) => Promise<SliceResult>>(SLICE_WORKFLOW, {
    workflowId,
    args: [request],
    staticSummary: `${request.path}: items ${request.offset} to ${last}`,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    parentClosePolicy: 'TERMINATE',
  });
}

/** What an activity's failure means to the interpreter. */
export function taskFailure(error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error;
  if (isCancellation(error)) {
    return new TaskFailure({ code: 'E_TASK_CANCELED', message: 'The run was canceled.' }, true);
  }
  const isWrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  const cause = isWrapped ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const view = cause.details?.[0] as ErrorView | undefined;
    if (view !== undefined && typeof view.code === 'string') return new TaskFailure(view);
    return new TaskFailure({ code: 'E_INTERNAL', message: cause.message });
  }
  if (cause instanceof TimeoutFailure) {
    return new TaskFailure({
      code: 'E_TASK_LOST',
      message: `No worker finished the task: ${cause.message}.`,
      hint: 'Check that workers are running and can keep up, then run again: finished tasks are cached.',
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new TaskFailure({ code: 'E_INTERNAL', message });
}
