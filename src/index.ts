// anneal: start, schedule, watch and find runs from a program. Pipelines are written with anneal/dsl.

export { AnnealClient, AnnealRunError, compareRuns } from './client/index.js';
export type {
  AnnealClientOptions,
  ArtifactChoice,
  Artifacts,
  BackfillRange,
  BackfillTime,
  ComparedValues,
  ListOptions,
  ModelChangeOptions,
  Models,
  LogOptions,
  MonitorRequest,
  Monitors,
  MonitorSummary,
  OutputsOf,
  OverlapPolicy,
  ParametersOf,
  PipelineLike,
  RunArtifact,
  RunComparison,
  RunHandle,
  RunMetrics,
  RunOutcome,
  RunResult,
  RunSummary,
  ScheduleChange,
  ScheduledRun,
  ScheduleRequest,
  Schedules,
  ScheduleTimes,
  ScheduleView,
  ServerOptions,
  StartOptions,
  StartRequest,
  TypedPipeline,
  WatchOptions,
} from './client/index.js';
export type {
  ArtifactRef,
  DeploymentView,
  DriftFinding,
  ErrorView,
  MonitorRound,
  MonitorView,
  PipelineReference,
  RunOptions,
  RunStatus,
  RunView,
  TaskStatus,
  TaskView,
} from './contract/index.js';
export { isAnnealError } from './errors/index.js';
export type { AnnealError, ErrorCode } from './errors/index.js';
export type { PublishedPipeline } from './lineage/index.js';
export type {
  ModelEvent,
  ModelStage,
  ModelVersion,
  ModelVersionView,
  ModelView,
  VersionComparison,
} from './models/index.js';
export type { ArtifactStore } from './storage/index.js';
export type { JsonObject, JsonValue } from './util/index.js';
