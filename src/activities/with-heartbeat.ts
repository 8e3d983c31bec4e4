// Heartbeats and cancellation for activities that take long.
//
// H1. Temporal learns of a cancellation's end only after everything the activity started is gone.
// H2. An attempt that timed out because its worker was frozen lets go of the task without killing it:
//     the next attempt has found and adopted it.
// H3. A worker that stops hands its tasks over: the run sends them out again at once, and no budget of tries is
//     touched. They go on running meanwhile, or are ended, as the worker's drain policy says.

import { CancelledFailure, Context } from '@temporalio/activity';
import { isAnnealError, taskErrors } from '../errors/index.js';
import { LET_GO } from '../runners/index.js';
import type { ActivityParts } from './activity-parts.js';
import { toFailure } from './to-failure.js';

/** Heartbeats per heartbeat timeout. */
const BEATS = 4;

/** What a long activity is given. */
export interface BeatingWork {
  /** Aborts on cancellation, its reason LET_GO when the task must go on. */
  readonly signal: AbortSignal;
  /** Says what it is doing; shown in the Temporal UI with every heartbeat from now on. */
  readonly progress: (state: string) => void;
}

type Stop = 'canceled' | 'timed out' | 'handed over';

/** Runs long work with heartbeats. */
export async function withHeartbeat<Result>(
  task: string,
  {
    heartbeatSeconds,
    drain,
    identity,
  }: Pick<ActivityParts, 'heartbeatSeconds' | 'drain' | 'identity'>,
  work: (beating: BeatingWork) => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  const controller = new AbortController();
  let details: { readonly state: string } | undefined;
  let stop: Stop | undefined;
  const abort = (): void => {
    stop ??= whyStopped(context, drain.hurry);
    const goesOn = stop === 'timed out' || (stop === 'handed over' && drain.mode === 'hand-over');
    controller.abort(goesOn ? LET_GO : 'canceled');
  };
  const progress = (state: string): void => {
    details = { state };
    context.heartbeat(details);
  };
  const signals = [context.cancellationSignal, drain.hurry];
  for (const signal of signals) signal.addEventListener('abort', abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  const timer = setInterval(() => context.heartbeat(details), (heartbeatSeconds * 1000) / BEATS);
  try {
    return await work({ signal: controller.signal, progress });
  } catch (error) {
    if (stop === undefined) throw toFailure(error, task);
    if (stop !== 'handed over') throw new CancelledFailure(`Task "${task}" was canceled.`);
    const isKept = isAnnealError(error) && error.code === 'E_TASK_HANDED_OVER';
    const { keptSeconds } = drain;
    const kept = isKept ? { host: identity.host, keptSeconds } : undefined;
    throw toFailure(taskErrors.taskHandedOver(task, kept), task);
  } finally {
    clearInterval(timer);
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}

/** H2, H3 */
function whyStopped({ cancellationDetails }: Context, hurry: AbortSignal): Stop {
  if (cancellationDetails?.timedOut === true) return 'timed out';
  const isCanceled = cancellationDetails?.cancelRequested === true;
  const isLeaving = cancellationDetails?.workerShutdown === true || hurry.aborted;
  return isLeaving && !isCanceled ? 'handed over' : 'canceled';
}
