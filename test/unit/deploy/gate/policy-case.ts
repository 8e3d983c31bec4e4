// Facts that pass every rule, and a policy that asks for all of them.

import type { GatePolicy } from '../../../../src/contract/index.js';
import type { GateFacts } from '../../../../src/deploy/index.js';

export const MODEL = `sha256:${'a'.repeat(64)}`;
export const CHAMPION = `sha256:${'b'.repeat(64)}`;

export const STRICT: GatePolicy = {
  metrics: [
    { metric: 'test_roc_auc', atLeast: 0.8 },
    { metric: 'brier', atMost: 0.2 },
  ],
  beatMajority: true,
  champion: 'better',
  segments: [{ column: 'state', atLeast: 0.8, minRows: 10 }],
  latencyP95Ms: 50,
  maxPValue: 0.05,
};

/** 90 of 100 right, the most frequent class 70, the champion 80. */
export const GOOD: GateFacts = {
  modelDigest: MODEL,
  evaluation: { model_digest: MODEL, passed: true, test_accuracy: 0.9, threshold: 0.85 },
  isEvaluatedInLineage: true,
  recorded: { test_accuracy: 0.9, test_roc_auc: 0.9, brier: 0.1 },
  champion: { state: 'other', digest: CHAMPION },
  evidence: {
    leak: { held_out_rows: 100, overlap_rows: 0, repeated_rows: 0, train_rows: 400 },
    scores: { rows: 100, right: 90, majority_right: 70, wins: 25, losses: 5, p_value: 0.0002 },
    champion: {
      ...{ rows: 100, right: 90, champion_right: 80, left_out_rows: 0 },
      ...{ wins: 12, losses: 2, p_value: 0.0065 },
    },
    segments: {
      state: [
        { value: 'CA', rows: 60, right: 55 },
        { value: 'KS', rows: 36, right: 33 },
        { value: 'NY', rows: 4, right: 2 },
      ],
    },
    latency: { rows: 100, p50_ms: 10, p95_ms: 20 },
    unavailable: {},
  },
};

/** The good facts with other evidence. */
export function withEvidence(changes: Partial<GateFacts['evidence']>): GateFacts {
  return { ...GOOD, evidence: { ...GOOD.evidence, ...changes } };
}
