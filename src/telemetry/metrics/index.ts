export { ActivityMetrics, isTask, type ActivityTry, type TaskOutcome } from './activity-metrics.js';
export { BUCKETS, METRICS } from './metric-names.js';
