// AnnealClient and what it gives back.
export { AnnealClient } from './anneal-client.js';
export type { AnnealClientOptions } from './anneal-client.js';
export type { ServerOptions } from './connect.js';
export type { ListOptions, RunSummary } from './list-runs.js';
export { explainRun, type RootCause, type RunExplanation } from './explain-run.js';
export { keptParameters, planRetry, retryRequest } from './retry/index.js';
export type {
  PlannedTask,
  RetryAction,
  RetryOptions,
  RetryPlan,
  RetryRequest,
  RetrySources,
} from './retry/index.js';
export {
  compareLocks,
  firstDifference,
  reproduction,
  type ByteDifference,
  type CauseDifference,
  type LockComparison,
  type OutputDifference,
} from './reproduce/index.js';
export { runFailure } from './run-failure.js';
export { assertRunId, newRunId } from './run-id.js';
export type { StartRequest } from './start-request.js';
export type { WatchOptions } from './watch-run.js';
