// Heartbeats and cancellation for activities that take long.
//
// H1. Temporal learns of a cancellation's end only after everything the activity started is gone.
// H2. An attempt that timed out because its worker was frozen lets go of the task without killing it:
//     the next attempt has found and adopted it.
// H3. A worker that is stopped ends its tasks, but not the run: they are lost, not canceled, and
//     the next worker starts them again.

import { CancelledFailure, Context } from '@temporalio/activity';
import { taskErrors } from '../errors/index.js';
import { LET_GO } from '../runners/index.js';
import { toFailure } from './to-failure.js';

/** Heartbeats per heartbeat timeout. */
const BEATS = 4;

/**
 * Runs long work with heartbeats.
 *
 * @param heartbeatSeconds  the activity's heartbeat timeout
 * @param work  gets a signal that aborts on cancellation, its reason LET_GO when the task must go on
 */
export async function withHeartbeat<Result>(
  task: string,
  heartbeatSeconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  const controller = new AbortController();
  const abort = (): void => {
    const isTimedOut = context.cancellationDetails?.timedOut === true;
    controller.abort(isTimedOut ? LET_GO : 'canceled');
  };
  context.cancellationSignal.addEventListener('abort', abort);
  const timer = setInterval(() => context.heartbeat(), (heartbeatSeconds * 1000) / BEATS);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? endOfAborted(task, context) : toFailure(error, task);
  } finally {
    clearInterval(timer);
    context.cancellationSignal.removeEventListener('abort', abort);
  }
}

// H3
function endOfAborted(task: string, { cancellationDetails }: Context): Error {
  return cancellationDetails?.workerShutdown === true
    ? toFailure(taskErrors.taskLost(task, 'its worker was stopped'), task)
    : new CancelledFailure(`Task "${task}" was canceled.`);
}
