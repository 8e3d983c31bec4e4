import type { RolloutPolicy } from '../contract/index.js';

/** How one alarm of a rollout stands. */
export interface AlarmState {
  readonly alarm: 'errorRate' | 'latencyP95Ms';
  readonly limit: number;
  /** Absent before the first request. */
  readonly value?: number;
  /** A tie with the limit is ok; with fewer requests than the policy's minRequests nothing is said. */
  readonly state: 'ok' | 'alarm' | 'insufficient_data';
}

/** A rollout that is going on. */
export interface RolloutState {
  readonly deploymentId: string;
  readonly runId: string;
  /** Of the new model. */
  readonly modelDigest: string;
  readonly strategy: RolloutPolicy['strategy'];
  /** What is going on, in words: `the canary step`, `step 2 of 9`, `baking`. */
  readonly phase: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  /** Share of requests that go to the new model. */
  readonly percent: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Answered by the new model since the rollout began. */
  readonly requests: number;
  readonly failed: number;
  readonly alarms: readonly AlarmState[];
}
