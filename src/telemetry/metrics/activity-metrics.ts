// What activities count: tasks, their waits and retries, look-ups in the cache, runs and deployments.
//
// M1. A label's value comes from a small set: pipelines, components, runners, outcomes; never a run's or a task's.
// M2. A run is counted when its end is recorded. That activity may run twice, so counts of runs are close, not exact.

import type { MetricCounter, MetricHistogram, MetricMeter } from '@temporalio/common';
import type { CacheLookup, RunView } from '../../contract/index.js';
import type { ActivityFacts } from '../activity-facts.js';
import { METRICS } from './metric-names.js';

/** What Temporal says of one try of an activity. */
export interface ActivityTry {
  readonly activityType: string;
  readonly isLocal: boolean;
  readonly attempt: number;
  readonly taskQueue: string;
  readonly currentAttemptScheduledTimestampMs: number;
}

/** How a try of a task ended. */
export type TaskOutcome = 'succeeded' | 'failed' | 'canceled' | 'lost' | 'handed_over';

/** Activities that carry out tasks, and the runner of each; undefined: the request or the worker says it. */
const TASKS: Readonly<Record<string, string | undefined>> = {
  runTask: undefined,
  importArtifact: 'importer',
  deployModel: 'deploy',
};

/** Whether an activity carries out a task of a pipeline. */
export function isTask(activityType: string): boolean {
  return Object.hasOwn(TASKS, activityType);
}

export class ActivityMetrics {
  private readonly duration: MetricHistogram;
  private readonly wait: MetricHistogram;
  private readonly retries: MetricCounter;
  private readonly lookups: MetricCounter;
  private readonly runs: MetricCounter;
  private readonly deployments: MetricCounter;

  /** @param defaultRunner  where tasks run whose run names no runner */
  constructor(
    meter: MetricMeter,
    private readonly defaultRunner: string,
  ) {
    const histogram = (name: string, what: string): MetricHistogram =>
      meter.createHistogram(name, 'float', 's', what);
    const counter = (name: string, what: string): MetricCounter =>
      meter.createCounter(name, undefined, what);
    this.duration = histogram(METRICS.taskDuration, 'Time that one try of a task took.');
    this.wait = histogram(METRICS.queueWait, 'Time that a task waited for a worker.');
    this.retries = counter(METRICS.taskRetries, 'Tries of tasks after the first.');
    this.lookups = counter(METRICS.cacheLookups, 'Tasks looked up in the cache.');
    this.runs = counter(METRICS.runs, 'Runs that ended.');
    this.deployments = counter(METRICS.deployments, 'Deployments that runs came to.');
  }

  /** Counts what is known when a worker takes a task up. */
  began(facts: ActivityFacts, tried: ActivityTry, nowMs: number): void {
    if (!isTask(tried.activityType) || tried.isLocal) return;
    const labels = labelsOf(facts);
    const waitedMs = Math.max(0, nowMs - tried.currentAttemptScheduledTimestampMs);
    this.wait.record(waitedMs / 1000, { ...labels, task_queue: tried.taskQueue });
    if (tried.attempt > 1) this.retries.add(1, { ...labels, cause: 'infrastructure' });
    else if ((facts.attempt ?? 1) > 1) this.retries.add(1, { ...labels, cause: 'user_code' });
  }

  /** Counts how a try of a task ended. */
  ended(
    facts: ActivityFacts,
    tried: ActivityTry,
    { outcome, seconds }: { readonly outcome: TaskOutcome; readonly seconds: number },
  ): void {
    if (!isTask(tried.activityType)) return;
    const runner = TASKS[tried.activityType] ?? facts.runner ?? this.defaultRunner;
    this.duration.record(seconds, { ...labelsOf(facts), runner, outcome });
  }

  /** Counts what an activity that is no task found out. */
  answered(
    facts: ActivityFacts,
    { activityType }: ActivityTry,
    request: unknown,
    result: unknown,
  ): void {
    // Once a task: its later tries ask again, for a key that nobody answered a moment ago.
    if (activityType === 'lookupCache' && (facts.attempt ?? 1) === 1) {
      this.lookups.add(1, { ...labelsOf(facts), result: lookupResult(result as CacheLookup) });
    }
    if (activityType !== 'recordRun') return;
    const { pipeline, status, deployment } = request as RunView;
    this.runs.add(1, { pipeline, status });
    if (deployment) this.deployments.add(1, { pipeline, status: deployment.status });
  }
}

function lookupResult({ hit, cacheKey }: CacheLookup): 'hit' | 'miss' | 'not_cacheable' {
  if (hit !== undefined) return 'hit';
  return cacheKey === undefined ? 'not_cacheable' : 'miss';
}

/** M1 */
function labelsOf({ pipeline = '', component = '' }: ActivityFacts): {
  readonly pipeline: string;
  readonly component: string;
} {
  return { pipeline, component };
}
