// What a schedule is made from, and what is shown of one.

import type { PipelineReference, RunOptions, RunStatus } from '../../contract/index.js';
import type { JsonObject } from '../../util/index.js';
import type { PipelineLike } from '../typed-pipeline.js';

/** What happens when a run is due while the one before still goes on; the words of Temporal. */
export const OVERLAP_POLICIES = [
  'skip',
  'buffer-one',
  'buffer-all',
  'cancel-other',
  'terminate-other',
  'allow-all',
] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** Retraining should not pile up. */
export const DEFAULT_OVERLAP: OverlapPolicy = 'skip';
/** Given explicitly: the default of servers and SDKs reaches from a minute to a year. */
export const DEFAULT_CATCHUP_WINDOW = '1h';

/** When a schedule fires: at every time that one of its cron expressions, intervals or calendars names. */
export interface ScheduleTimes {
  /** Five fields: minute hour day month weekday. */
  readonly cron?: readonly string[];
  /** `6h`, or with an offset from the epoch `6h/30m`. */
  readonly every?: readonly string[];
  /** `hour=6 minute=0,30 dayOfWeek=MONDAY-FRIDAY`; what is left out is 0 for times and `*` for dates. */
  readonly calendars?: readonly string[];
  /** IANA zone of cron expressions and calendars; default UTC. */
  readonly timeZone?: string;
  /** Each run is put off by a random time up to this: `5m`. */
  readonly jitter?: string;
}

/** What can be set when a schedule is made, and changed later. */
export interface ScheduleSettings {
  readonly times: ScheduleTimes;
  /** Default skip. */
  readonly overlap: OverlapPolicy;
  /** Runs missed while the server was down are made up for within this time, older ones are dropped. Default 1h. */
  readonly catchupWindow: string;
  /** Whether a run that fails pauses the schedule. Default: when the pipeline deploys. */
  readonly pauseOnFailure: boolean;
  /** Texts may hold `{{scheduled_time}}`. */
  readonly parameters: JsonObject;
  readonly options: Omit<RunOptions, 'timeZone'>;
  /**
   * pinned: every run uses the version that is newest, or named, now. latest: each uses the newest one at its time.
   * Default pinned.
   */
  readonly follow: 'pinned' | 'latest';
}

export interface ScheduleRequest extends Partial<ScheduleSettings> {
  /** Begins the ids of its runs: 1 to 70 letters, digits, ".", "_" or "-". */
  readonly name: string;
  readonly pipeline: PipelineLike | PipelineReference;
  readonly times: ScheduleTimes;
  /** Runs after which it stops by itself. */
  readonly maxRuns?: number;
  readonly note?: string;
  readonly paused?: boolean;
}

export interface ScheduleChange extends Partial<ScheduleSettings> {
  /** Another pipeline or version; a pinned schedule without it keeps its version. */
  readonly pipeline?: PipelineLike | PipelineReference;
  readonly maxRuns?: number;
}

/** A run that a schedule has started. */
export interface ScheduledRun {
  readonly runId: string;
  /** ISO 8601: the time the schedule meant, and the time it was started. */
  readonly scheduledAt: string;
  readonly startedAt: string;
  /** Absent when neither the server nor the store knows the run any more. */
  readonly status?: RunStatus;
}

export interface ScheduleView extends ScheduleSettings {
  readonly name: string;
  readonly pipeline: string;
  /** Of a pinned schedule. */
  readonly version?: number;
  readonly digest?: string;
  readonly paused: boolean;
  readonly note?: string;
  /** Runs left, when it was made with a number of them. */
  readonly remainingRuns?: number;
  /** The next times, ISO 8601, jitter included; at most 5. */
  readonly nextTimes: readonly string[];
  /** The newest first, at most 10. */
  readonly lastRuns: readonly ScheduledRun[];
  readonly counts: {
    readonly started: number;
    readonly missedCatchupWindow: number;
    readonly skippedOverlap: number;
  };
  /** ISO 8601. */
  readonly createdAt: string;
}

/** One time of a backfill and what becomes of it. */
export interface BackfillTime {
  readonly scheduledAt: string;
  readonly runId: string;
  /** `known`: a run of that time exists, so none is started. */
  readonly state: 'started' | 'planned' | 'known';
}
