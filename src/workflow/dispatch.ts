// Sends an activity to the workers, and out again when its worker stopped before it ended.
//
// D1. A hand-over is not a failure: it costs no try of the task's retryPolicy, nor of the budget for lost
//     infrastructure.
// D2. A task that goes on running on its host is offered to that host alone, for as long as it can live there without
//     a worker. Only after that may another host start it afresh: it then runs nowhere else.

import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/common';
import { hostQueue } from '../contract/index.js';
import type { AnnealActivities, ErrorView, HandOver } from '../contract/index.js';
import { keptActivity, longActivity, type LongActivity } from './activity-options.js';

/** Deploys of workers that one task may outlive; more than that is a worker that hands over in a circle. */
const MAX_HAND_OVERS = 200;

/** Carries one long activity to its end (D1, D2). @param base  queue that the names of host queues start with */
export async function dispatch<Result>(
  activity: LongActivity,
  base: string,
  call: (activities: AnnealActivities) => Promise<Result>,
): Promise<Result> {
  let options = longActivity(activity);
  for (let handOvers = 0; ; handOvers += 1) {
    try {
      return await call(proxyActivities<AnnealActivities>(options));
    } catch (error) {
      const next = nextPlace(error, options, activity, base);
      if (next === undefined || handOvers === MAX_HAND_OVERS) throw error;
      options = next;
    }
  }
}

/** Where the activity goes now; undefined when its failure is the task's own. */
function nextPlace(
  error: unknown,
  before: ActivityOptions,
  activity: LongActivity,
  base: string,
): ActivityOptions | undefined {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return undefined;
  const { cause } = error;
  if (cause instanceof ApplicationFailure && cause.type === 'E_TASK_HANDED_OVER') {
    const { host, keptSeconds } = handOverOf(cause);
    if (host === undefined || keptSeconds === undefined) return longActivity(activity);
    return keptActivity({ ...activity, taskQueue: hostQueue(base, host) }, keptSeconds);
  }
  const isOwn = cause instanceof ApplicationFailure && cause.nonRetryable === true;
  const wasKept = before.scheduleToStartTimeout !== undefined;
  return wasKept && !isOwn ? longActivity(activity) : undefined; // D2
}

function handOverOf(failure: ApplicationFailure): HandOver {
  const view = failure.details?.[0] as ErrorView | undefined;
  return view?.details ?? {};
}
