// AnnealClient and what it gives back.
export { AnnealClient } from './anneal-client.js';
export type { AnnealClientOptions, StartOptions } from './anneal-client.js';
export { AnnealRunError } from './anneal-run-error.js';
export type { ArtifactChoice, Artifacts, RunArtifact, RunMetrics } from './artifacts.js';
export { compareRuns, type RunComparison } from './compare-runs.js';
export type { ComparedValues } from '../util/index.js';
export type { ServerOptions } from './connect.js';
export { checkRunParameters } from './known-pipeline.js';
export type { ListOptions, RunOutcome, RunSummary } from './list-runs.js';
export type { ModelChangeOptions, Models } from './models/index.js';
export { publishSource, type PipelineText } from './publish-source.js';
export type { LogOptions } from './read-logs.js';
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
export { DEFAULT_MONITOR } from './monitors/index.js';
export type { MonitorRequest, Monitors, MonitorSummary } from './monitors/index.js';
export { runFailure } from './run-failure.js';
export type { RunHandle, RunResult } from './run-handle.js';
export { assertRunId, newRunId } from './run-id.js';
export { OVERLAP_POLICIES } from './schedules/index.js';
export type {
  BackfillRange,
  BackfillTime,
  OverlapPolicy,
  ScheduleChange,
  ScheduledRun,
  ScheduleRequest,
  Schedules,
  ScheduleTimes,
  ScheduleView,
} from './schedules/index.js';
export type { StartRequest } from './start-request.js';
export { chooseTask, logKeyOf, readLog } from './task-log.js';
export type { OutputsOf, ParametersOf, PipelineLike, TypedPipeline } from './typed-pipeline.js';
export type { WatchOptions } from './watch-run.js';
