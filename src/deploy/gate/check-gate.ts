// The last check before a deployment: only the evaluated bytes, and only if they passed.
//
// G1. A metric that is absent or not a finite number never opens the gate.
// G2. The evaluated model and the model to deploy are the same bytes, by digest.
// G3. A tie with the threshold passes (>=).
// G4. Without an evaluation at hand, only recorded lineage may vouch for the digest.

import type { GateFacts } from './gate-facts.js';
import { isFraction } from './numbers.js';

type EvaluationFacts = Pick<GateFacts, 'modelDigest' | 'evaluation' | 'isEvaluatedInLineage'>;

export type GateDecision =
  | { readonly accepted: true; readonly reason: string }
  | {
      readonly accepted: false;
      readonly code: 'E_DEPLOY_REFUSED' | 'E_METRIC';
      readonly reason: string;
    };

/**
 * Decides whether a model may be deployed.
 *
 * @param facts the evaluation's metadata holds `model_digest`, `passed`, and the fractions
 *   `test_accuracy` and `threshold`, both in [0, 1]
 */
export function checkGate(facts: EvaluationFacts): GateDecision {
  if (facts.modelDigest === undefined) return refuse('the model has no recorded digest');
  if (facts.evaluation === undefined) return checkLineage(facts);
  return (
    checkDigest(facts.modelDigest, facts.evaluation['model_digest']) ??
    checkMetrics(facts.evaluation)
  );
}

function checkLineage(facts: EvaluationFacts): GateDecision {
  return facts.isEvaluatedInLineage === true
    ? { accepted: true, reason: `lineage shows an evaluation of model ${facts.modelDigest}` }
    : refuse(`no evaluation of model ${facts.modelDigest} is on record`);
}

function checkDigest(wanted: string, evaluated: unknown): GateDecision | undefined {
  if (evaluated === wanted) return undefined;
  return typeof evaluated === 'string' && evaluated !== ''
    ? refuse(`evaluated model ${evaluated} is not the model to deploy ${wanted}`)
    : refuse('the evaluation does not say which model it evaluated (model_digest)');
}

function checkMetrics(evaluation: Readonly<Record<string, unknown>>): GateDecision {
  const accuracy = evaluation['test_accuracy'];
  const threshold = evaluation['threshold'];
  if (!isFraction(accuracy)) return badMetric('test_accuracy', accuracy);
  if (!isFraction(threshold)) return badMetric('threshold', threshold);
  if (accuracy < threshold) {
    return refuse(`test_accuracy ${accuracy} is below the threshold ${threshold}`);
  }
  if (evaluation['passed'] !== true) return refuse(whyNotPassed(evaluation));
  return { accepted: true, reason: `test_accuracy ${accuracy} >= threshold ${threshold}` };
}

function whyNotPassed(evaluation: Readonly<Record<string, unknown>>): string {
  const reason = evaluation['reason'];
  return typeof reason === 'string' && reason !== ''
    ? `the evaluation did not pass: ${reason}`
    : 'the evaluation does not say that it passed';
}

function badMetric(name: string, value: unknown): GateDecision {
  const found = value === undefined ? 'is missing' : `is ${describeValue(value)}`;
  return {
    accepted: false,
    code: 'E_METRIC',
    reason: `${name} ${found}; the gate needs a number from 0 to 1`,
  };
}

/** JSON for all but numbers: JSON has no NaN. */
function describeValue(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function refuse(reason: string): GateDecision {
  return { accepted: false, code: 'E_DEPLOY_REFUSED', reason };
}
