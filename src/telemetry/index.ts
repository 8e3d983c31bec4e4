// What a worker tells of itself while it works. Traces are apart (tracing/): they load when they are wanted.

export { logText, openLogger, type LogOutput } from './logging/index.js';
export { ActivityMetrics, BUCKETS, METRICS } from './metrics/index.js';
export { observeActivities } from './observe-activities.js';
