// Watching a live model: what crosses between the monitor's workflow, its activities, and its clients.

import type { JsonObject } from '../util/json.js';
import type { DeploymentStatus, PipelineReference, RunOptions, RunStatus } from './run.js';

/** Workflow type of a monitor: one long-lived workflow for each endpoint. */
export const MONITOR_WORKFLOW = 'annealMonitor';
/** Workflow type of a single check. */
export const MONITOR_CHECK_WORKFLOW = 'annealMonitorCheck';
/** Workflow type that a schedule starts: it tells a monitor that a check is due. */
export const MONITOR_TICK_WORKFLOW = 'annealMonitorTick';
/** Query answering a MonitorView. */
export const MONITOR_QUERY = 'monitor';
/** Signals; they take nothing. */
export const MONITOR_PAUSE_SIGNAL = 'pauseMonitor';
export const MONITOR_RESUME_SIGNAL = 'resumeMonitor';
export const MONITOR_STOP_SIGNAL = 'stopMonitor';
/** Signal: a check is due; takes a MonitorTick. */
export const MONITOR_DUE_SIGNAL = 'monitorCheckDue';

/** The workflow id of an endpoint's monitor, and the id of its schedule: there is one at most. */
export function monitorId(endpoint: string): string {
  return `monitor:${endpoint}`;
}

/** What is compared, and how. */
export interface DriftSource {
  readonly endpoint: string;
  /** Index above which a feature has drifted; a tie has not. */
  readonly limit: number;
  /** Captured rows below which nothing is said. */
  readonly minRows: number;
  /** Captured requests outside the endpoint: `s3://bucket/prefix` of SageMaker's data capture. */
  readonly captured?: string;
}

/** Times that a Temporal Schedule keeps. */
export interface CronTimes {
  /** Five fields each: minute hour day month weekday. */
  readonly expressions: readonly string[];
  /** IANA zone. */
  readonly timeZone: string;
}

/** Says which monitor is told: an endpoint may have had others. */
export type MonitorTick = Pick<MonitorInput, 'endpoint' | 'startedAt'>;

/** The single argument of the monitor's workflow. */
export interface MonitorInput extends DriftSource {
  /** What trains the next model; it must deploy to the endpoint. */
  readonly pipeline: PipelineReference;
  readonly parameters: JsonObject;
  readonly options?: RunOptions;
  /** Checks at a grid of times from `startedAt`; absent when `cron` says when. */
  readonly everySeconds?: number;
  /** Checks at the times of a schedule. */
  readonly cron?: CronTimes;
  /** From the end of a retraining, whatever came of it, to the begin of the next. */
  readonly coolDownSeconds: number;
  /** Share of requests that a local endpoint keeps, a fraction above 0. */
  readonly captureShare: number;
  /** ISO 8601: when the monitor was started; part of the ids of its runs. */
  readonly startedAt: string;
  /** Of the monitor so far, when its workflow goes on under a new history. */
  readonly state?: MonitorState;
}

/** How far a feature has moved. */
export interface FeatureDrift {
  readonly name: string;
  readonly psi: number;
}

/** What one comparison found. */
export interface DriftFinding {
  /** Of the live model. */
  readonly modelDigest: string;
  readonly referenceRows: number;
  readonly capturedRows: number;
  readonly capturedRequests: number;
  /** Captured requests that could not be read. */
  readonly unreadable: number;
  /** Files of captured requests that were too large, too many, or gone while they were read; absent: none. */
  readonly filesLeftOut?: number;
  /** The features that moved most, the furthest first; none without captured rows. */
  readonly features: readonly FeatureDrift[];
  /** Store key of the whole report. */
  readonly reportKey: string;
}

export type DriftVerdict =
  | 'stable'
  | 'drifted'
  /** Too few rows were captured. */
  | 'too_few_rows'
  /** The comparison could not be made. */
  | 'failed';

export type MonitorAction =
  | 'none'
  | 'retrain'
  /** Drifted, but the last retraining is not long enough ago. */
  | 'cooling_down'
  /** Drifted, but a retraining goes on. */
  | 'retraining';

/** One check, with what was done about it. */
export interface MonitorRound {
  /** From 1. */
  readonly check: number;
  /** ISO 8601, server time. */
  readonly at: string;
  readonly verdict: DriftVerdict;
  readonly action: MonitorAction;
  /** In words, with the numbers. */
  readonly reason: string;
  readonly maxPsi?: number;
  readonly feature?: string;
  readonly reportKey?: string;
  readonly retrain?: RetrainView;
}

/** A retraining that a monitor began. */
export interface RetrainView {
  readonly runId: string;
  readonly status: RunStatus;
  /** What became of its model; absent while it goes on, and when its gate let nothing pass. */
  readonly deployment?: DeploymentStatus;
  readonly reason?: string;
  /** ISO 8601. */
  readonly endedAt?: string;
}

/** All that a monitor remembers. */
export interface MonitorState {
  /** Checks so far. */
  readonly checks: number;
  readonly retrains: number;
  readonly isPaused: boolean;
  /** The check whose retraining goes on. */
  readonly retraining?: number;
  /** ISO 8601. */
  readonly lastRetrainEndedAt?: string;
  /** The last ones, oldest first; all are in the store. */
  readonly rounds: readonly MonitorRound[];
}

export interface MonitorView extends Omit<MonitorInput, 'state'> {
  readonly status: 'running' | 'paused' | 'stopped';
  /** ISO 8601; absent while paused and once stopped. */
  readonly nextCheckAt?: string;
  /** ISO 8601: the next times of `cron`, at most 5; from clients only, as the schedule knows them. */
  readonly nextChecks?: readonly string[];
  readonly state: MonitorState;
}

export interface DriftCheckRequest extends DriftSource {
  /** Names the report: the same request writes the same one. */
  readonly checkId: string;
}

export interface CaptureRequest {
  readonly endpoint: string;
  /** Share of requests kept from now on; 0: none. */
  readonly share: number;
}

export interface RoundRecord {
  readonly endpoint: string;
  /** ISO 8601: when the monitor was started. */
  readonly startedAt: string;
  readonly round: MonitorRound;
}

/** Signatures of the monitor's activities. */
export interface MonitorActivities {
  checkDrift(request: DriftCheckRequest): Promise<DriftFinding>;
  captureRequests(request: CaptureRequest): Promise<void>;
  recordRound(record: RoundRecord): Promise<void>;
}
