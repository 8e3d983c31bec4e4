// Timeouts and infrastructure retries of every activity, in one place.
//
// A1. maximumAttempts is always set: an unset one means for ever.
// A2. These retries are for lost infrastructure; activities mark what must not be retried as non-retryable.

import type { ActivityOptions, LocalActivityOptions } from '@temporalio/common';

/** Longest time one try of a task may run; a task's own timeout is shorter. */
const LONGEST_TASK = '30 days';
/** Lost workers, missed heartbeats and throttling are tried again this often, with backoff. */
const INFRASTRUCTURE_ATTEMPTS = 20;

/** An activity that runs for long and reports by heartbeat. */
export interface LongActivity {
  readonly summary: string;
  readonly heartbeatSeconds: number;
  /** Default: the workflow's own. */
  readonly taskQueue?: string;
}

/** Activities that run for long and report by heartbeat. */
export function longActivity({
  summary,
  heartbeatSeconds,
  taskQueue,
}: LongActivity): ActivityOptions {
  return {
    summary,
    taskQueue,
    startToCloseTimeout: LONGEST_TASK,
    heartbeatTimeout: heartbeatSeconds * 1000,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: {
      initialInterval: '1s',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
      maximumAttempts: INFRASTRUCTURE_ATTEMPTS,
    },
  };
}

/** A comparison of some ten thousand rows, by a worker that owns endpoints. */
export function checkActivity(summary: string, taskQueue: string): ActivityOptions {
  return {
    summary,
    taskQueue,
    startToCloseTimeout: '30 minutes',
    scheduleToStartTimeout: '6 hours',
    retry: {
      initialInterval: '5s',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
      maximumAttempts: 5,
    },
  };
}

/** Deliveries to receivers that may be down for hours. */
export function delivery(summary: string): ActivityOptions {
  return {
    summary,
    // A tracking server is sent models; the heartbeat says that a worker is still at it.
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '2 minutes',
    scheduleToCloseTimeout: '1 day',
    retry: {
      initialInterval: '1s',
      backoffCoefficient: 2,
      maximumInterval: '10 minutes',
      maximumAttempts: 200,
    },
  };
}

/** The same, on the one host that keeps the task running for `keptSeconds`: tried once. */
export function keptActivity(
  activity: LongActivity & { readonly taskQueue: string },
  keptSeconds: number,
): ActivityOptions {
  return {
    ...longActivity(activity),
    scheduleToStartTimeout: keptSeconds * 1000,
    retry: { maximumAttempts: 1 },
  };
}

/** Quick calls of the server itself: they wait for as long as it may be away. */
export function patientActivity(summary: string): LocalActivityOptions {
  const { retry, ...options } = quickActivity(summary);
  return { ...options, retry: { ...retry, maximumAttempts: 1000 } };
}

/** Quick look-ups, run by the workflow's own worker: a cached task costs milliseconds. */
export function quickActivity(summary: string): LocalActivityOptions {
  return {
    summary,
    startToCloseTimeout: '2 minutes',
    retry: { initialInterval: '200ms', maximumInterval: '5s', maximumAttempts: 10 },
  };
}
