// Tells hooks of what happened to a run, in workflows of their own: a receiver that is down for a day delays
// no run, and its events are not lost when the run has ended.
//
// E1. The same event starts the same workflow id, so it is announced once.
// E2. A run that ends waits a moment for its deliveries: where the server ends with the run, hooks are told before.

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, ParentClosePolicy, sleep, startChild } from '@temporalio/workflow';
import { coversEvent, EVENT_WORKFLOW } from '../contract/index.js';
import type { EventRequest, EventType, HookPlan, RunEvent, RunView } from '../contract/index.js';
import type { ApprovalEvent } from './approvals.js';

const PATIENCE = '15 seconds';

/** Announces an event of a run to the hooks that want it. @returns settles when they were told */
export function announce(
  type: EventType,
  view: RunView,
  hooks: readonly HookPlan[] | undefined,
): Promise<{ readonly told: Promise<unknown> }> {
  return send(eventOf(type, view), hooks);
}

/** Announces what becomes of a question. */
export async function announceApproval(
  { type, approval, round }: ApprovalEvent,
  view: RunView,
  hooks: readonly HookPlan[] | undefined,
): Promise<void> {
  const bare = eventOf(type, view);
  const which = round === 0 ? '' : `/${round}`;
  await send({ ...bare, id: `${bare.id}/${approval.task}${which}`, approval }, hooks);
}

async function send(
  event: RunEvent,
  hooks: readonly HookPlan[] | undefined,
): Promise<{ readonly told: Promise<unknown> }> {
  const { type } = event;
  const wanting = (hooks ?? []).filter(({ on }) => on.some((each) => coversEvent(each, type)));
  if (wanting.length === 0) return { told: Promise.resolve() };
  const request: EventRequest = { event, hooks: wanting.map(({ id }) => id) };
  try {
    const child = await CancellationScope.nonCancellable(() =>
      startChild<(request: EventRequest) => Promise<void>>(EVENT_WORKFLOW, {
        workflowId: event.id,
        args: [request],
        staticSummary: `${type} of ${event.run.runId}`,
        parentClosePolicy: ParentClosePolicy.ABANDON,
      }),
    );
    return { told: child.result().catch(() => undefined) };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { told: Promise.resolve() };
    throw error;
  }
}

/** Announces what became of a run's model, and how it ended. */
export async function announceEnd(
  view: RunView,
  hooks: readonly HookPlan[] | undefined,
): Promise<void> {
  if (hooks === undefined) return;
  const { deployment, status } = view;
  await CancellationScope.nonCancellable(async () => {
    const types: EventType[] = [
      ...(deployment === undefined ? [] : [`deployment.${deployment.status}` as const]),
      ...(status === 'running' ? [] : [`run.${status}` as const]),
    ];
    const announced = await Promise.all(types.map((type) => announce(type, view, hooks)));
    await aMomentFor(Promise.all(announced.map(({ told }) => told))); // E2
  });
}

/** Waits for work, but not for long. */
async function aMomentFor(work: Promise<unknown>): Promise<void> {
  const timer = new CancellationScope();
  const patience = timer.run(() => sleep(PATIENCE)).catch(() => undefined);
  await Promise.race([work, patience]);
  timer.cancel();
}

function eventOf(type: EventType, view: RunView): RunEvent {
  const { runId, pipeline, version, digest, source, status, startedAt, finishedAt } = view;
  return {
    id: `${runId}/event/${type}`,
    type,
    time: new Date().toISOString(), // the workflow's clock: the same on every replay
    run: { runId, pipeline, version, digest, source, status, startedAt, finishedAt },
    outputs: view.outputs,
    deployment: view.deployment,
    error: view.error,
  };
}
