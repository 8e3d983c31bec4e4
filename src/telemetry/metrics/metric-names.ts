// The metrics of our own, as Prometheus shows them, and their buckets.

export const METRICS = {
  taskDuration: 'anneal_task_duration_seconds',
  queueWait: 'anneal_queue_wait_seconds',
  taskRetries: 'anneal_task_retries_total',
  cacheLookups: 'anneal_cache_lookups_total',
  runs: 'anneal_runs_total',
  deployments: 'anneal_deployments_total',
} as const;

const MINUTE = 60;
const HOUR = 3600;

/** Upper ends of buckets, in seconds: a task takes from a tenth of a second to days. */
export const BUCKETS: Readonly<Record<string, number[]>> = {
  [METRICS.taskDuration]: [
    ...[0.1, 0.5, 1, 2.5, 5, 10, 30],
    ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE),
    ...[1, 3, 12, 24, 72].map((hours) => hours * HOUR),
  ],
  [METRICS.queueWait]: [
    ...[0.01, 0.05, 0.1, 0.5, 1, 5, 15],
    ...[1, 5, 15].map((minutes) => minutes * MINUTE),
    ...[1, 6, 24].map((hours) => hours * HOUR),
  ],
};
