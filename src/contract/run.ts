import type { ErrorCode } from '../errors/codes.js';
import type { JsonObject, JsonValue } from '../util/json.js';
import type { AgreementView, WaitingView } from './approval.js';
import type { ArtifactRef } from './artifact.js';
import type { CodeSource } from './code-source.js';
import type { DecisionView } from './decision.js';

/** Workflow type of a run; a run can also be started with the pipeline's name as workflow type. */
export const PIPELINE_WORKFLOW = 'pipeline';
/** Workflow type of a part of a loop: a child of its run. */
export const SLICE_WORKFLOW = 'pipelineSlice';
/** Query answering a RunView. */
export const RUN_QUERY = 'run';
/** Signal: no new task starts; takes a PauseRequest or nothing. */
export const PAUSE_SIGNAL = 'pause';
/** Signal: tasks start again; takes nothing. */
export const RESUME_SIGNAL = 'resume';
/** Search attributes, all of type Keyword. */
export const SEARCH_ATTRIBUTES = {
  pipeline: 'AnnealPipeline',
  version: 'AnnealVersion',
  outcome: 'AnnealOutcome',
} as const;

/** Which compiled pipeline to run; without version and digest: the newest published one. */
export interface PipelineReference {
  /** Plain, or with the choice in it: `name@3`, `name@sha256:<hex>`. */
  readonly name: string;
  readonly version?: number;
  /** `sha256:<hex>` of the compiled spec; its first digits are enough when they are unique (at least 6). */
  readonly digest?: string;
}

/** Where the tasks of a run are carried out. */
export const RUNNER_NAMES = ['process', 'docker', 'kubernetes', 'sagemaker'] as const;
export type RunnerName = (typeof RUNNER_NAMES)[number];

export interface RunOptions {
  /** Where tasks run; default the worker's (ANNEAL_RUNNER). */
  readonly runner?: RunnerName;
  /** false: no task is answered from the cache. Default true. */
  readonly cache?: boolean;
  /**
   * Failed iterations that every loop forgives: a count from 1, or a share of its iterations below 1. The
   * outputs of failed iterations are left out. Default 0.
   */
  readonly failureBudget?: number;
  /** Folder that relative paths in parameters refer to; default the worker's. */
  readonly baseFolder?: string;
  /** false: no model is deployed; the tasks that would are skipped. Default true. */
  readonly deploy?: boolean;
  /** Zone in which a schedule's `{{scheduled_time}}` is written into parameters, as `Europe/Berlin`; default UTC. */
  readonly timeZone?: string;
  /** Set where the run goes on from an earlier one. */
  readonly reuse?: ReuseOptions;
}

/** Which earlier executions a run takes for its own. */
export interface ReuseOptions {
  /** Runs that have ended, the nearest first; the run counts as a retry of the first. */
  readonly runs: readonly string[];
  /** Path of a task or group that runs again, with all that depends on it, whatever is known of it. */
  readonly from?: string;
}

/** Why a run is to be paused, for those who look at it. */
export interface PauseRequest {
  readonly by?: string;
  readonly reason?: string;
}

/** How long a run has been paused. */
export interface PauseView extends PauseRequest {
  /** ISO 8601, server time. */
  readonly since: string;
}

/**
 * Why a run makes no progress though it is running: `code` and `history` are the worker's (it cannot carry the
 * run on), `size` is a value larger than the server takes, `worker` means that nobody takes the run's tasks.
 */
export type StuckCause = 'history' | 'code' | 'size' | 'worker';

/** What holds a run up, and what to do about it. */
export interface StuckView {
  readonly cause: StuckCause;
  readonly message: string;
  readonly remedy: string;
  /** Tries of the server to have the run's next step taken. */
  readonly attempts: number;
}

/** The single argument of the `pipeline` workflow. */
export interface RunInput {
  readonly pipeline: PipelineReference;
  readonly parameters?: JsonObject;
  readonly options?: RunOptions;
}

/**
 * skipped: its condition was false, or it needs an output of a skipped task (no failure).
 * not_triggered: an upstream task failed or the run was canceled before it could start.
 */
export type TaskStatus =
  'pending' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'canceled' | 'not_triggered';

export type RunStatus = 'running' | 'succeeded' | 'failed' | 'canceled';

/** An error as it is stored, printed and sent: plain JSON. */
export interface ErrorView {
  readonly code: ErrorCode;
  readonly message: string;
  readonly task?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly details?: JsonObject;
}

export interface TaskView {
  /** Path in the DAG with iteration indexes: `for-loop-1/2/train`. */
  readonly name: string;
  /** The name its author gave it, where the path's last segment differs: `deploy-condition`. */
  readonly displayName?: string;
  readonly kind: 'container' | 'importer' | 'deploy' | 'dag' | 'loop';
  readonly status: TaskStatus;
  readonly cached: boolean;
  /** Of a loop: how its iterations stand. Those of a loop cut into slices are listed here only. */
  readonly iterations?: {
    readonly total: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly canceled: number;
  };
  /** User-code tries; infrastructure retries are not counted. */
  readonly attempts: number;
  /** ISO 8601, server time. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly seconds?: number;
  readonly outputs?: {
    readonly parameters: JsonObject;
    readonly artifacts: Readonly<Record<string, readonly ArtifactRef[]>>;
  };
  /** Store key of the execution's manifest. */
  readonly manifestKey?: string;
  /** Why a task was skipped: the condition and its values. In a retry also: why it ran again. */
  readonly reason?: string;
  /** Of a task that deploys: what the gate of its endpoint decided. */
  readonly decision?: DecisionView;
  readonly error?: ErrorView;
}

/**
 * In service beside the model that was live before, on SageMaker: `shadowing`, only copies of requests reach the new
 * one; `splitting`, it answers a share of them.
 */
export type DeploymentStatus =
  'promoted' | 'shadowing' | 'splitting' | 'refused' | 'rolled_back' | 'failed' | 'superseded';

/** Whether a deployment put its model where it was meant to go. */
export function isInPlace({ status }: Pick<DeploymentView, 'status'>): boolean {
  return status === 'promoted' || status === 'shadowing' || status === 'splitting';
}

export interface DeploymentView {
  readonly status: DeploymentStatus;
  readonly endpoint: string;
  readonly url?: string;
  readonly reason?: string;
  /** True when the endpoint already served this very model and nothing was changed. */
  readonly unchanged?: boolean;
  readonly modelDigest?: string;
  /** Of a deployment that is `splitting`: the share of the requests that the model answers, percent. */
  readonly percent?: number;
  /** Who agreed, where the endpoint's policy asks a person. */
  readonly approval?: AgreementView;
}

/** Live and final state of a run: the answer of the `run` query and the workflow's result. */
export interface RunView {
  readonly runId: string;
  readonly pipeline: string;
  readonly version?: number;
  readonly digest: string;
  readonly status: RunStatus;
  /** Set while a running run is paused: what runs goes on to its end, nothing new starts. */
  readonly paused?: PauseView;
  /** Deployments of a running run that wait for a person's answer. */
  readonly waitingFor?: readonly WaitingView[];
  /** Set by the client when the server says that the run is held up; the workflow cannot know. */
  readonly stuck?: StuckView;
  readonly startedAt: string;
  /** ISO 8601: the time its schedule meant; absent when no schedule started it. */
  readonly scheduledAt?: string;
  readonly finishedAt?: string;
  readonly parameters: JsonObject;
  readonly outputs: Readonly<Record<string, JsonValue>>;
  readonly tasks: readonly TaskView[];
  /** The commit that its version was last published from, when the run started. */
  readonly source?: CodeSource;
  /** The run that this one goes on from. */
  readonly retriedFrom?: string;
  /** As they were given at the start. */
  readonly options?: RunOptions;
  readonly deployment?: DeploymentView;
  readonly warnings: readonly string[];
  readonly error?: ErrorView;
}
