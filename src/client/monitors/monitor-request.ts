import type { MonitorView, PipelineReference, RunOptions } from '../../contract/index.js';
import type { JsonObject } from '../../util/index.js';
import type { PipelineLike } from '../typed-pipeline.js';

/** How an endpoint is to be watched. */
export interface MonitorRequest {
  readonly endpoint: string;
  /** What trains the next model; it must deploy to the endpoint. */
  readonly pipeline: PipelineLike | PipelineReference;
  readonly parameters?: JsonObject;
  readonly options?: RunOptions;
  /** `90s`, `15m`, `6h`, `1d`; default 1h. */
  readonly every?: string;
  /** In place of `every`: five fields each, minute hour day month weekday; a Temporal Schedule keeps the times. */
  readonly cron?: readonly string[];
  /** IANA zone of `cron`; default UTC. */
  readonly timeZone?: string;
  /** Default 24h. */
  readonly coolDown?: string;
  /** Index above which a feature has drifted; default 0.25. */
  readonly limit?: number;
  /** Captured rows below which nothing is said; default 200. */
  readonly minRows?: number;
  /** Share of requests that a local endpoint keeps, a fraction above 0; default 1. */
  readonly captureShare?: number;
  /** `s3://bucket/prefix` of SageMaker's data capture. */
  readonly captured?: string;
}

/** A monitor in a list. */
export interface MonitorSummary extends Pick<MonitorView, 'endpoint' | 'status' | 'nextCheckAt'> {
  readonly pipeline: string;
  readonly checks: number;
  readonly retrains: number;
  readonly lastReason?: string;
}

/** Holds where a request says nothing. */
export const DEFAULT_MONITOR = {
  every: '1h',
  coolDown: '24h',
  // A large change by the customary limits: see stability_index.py.
  limit: 0.25,
  // Ten bins over 200 rows have an index of about 0.05 by chance alone: see stability_index.py (P4).
  minRows: 200,
  captureShare: 1,
} as const;
