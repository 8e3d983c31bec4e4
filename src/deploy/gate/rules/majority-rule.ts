import type { GatePolicy, RuleView } from '../../../contract/index.js';
import type { GateFacts, PairedCounts } from '../gate-facts.js';
import { isCount, isFraction, shown } from '../numbers.js';
import { holds, refuses, warns } from '../rule-view.js';
import { isPaired } from './is-paired.js';
import { clean, reasonFor } from './reasons.js';

/** Better than always answering the most frequent class, beyond luck. */
export function majorityRule(policy: GatePolicy, facts: GateFacts): RuleView | undefined {
  if (!policy.beatMajority) return undefined;
  const { scores, unavailable } = facts.evidence;
  if (scores !== undefined && scores !== null) {
    return beats(policy, scores, scores.majority_right);
  }
  const why = reasonFor(unavailable, 'scores');
  if (why === undefined) return refuses('majority', 'Nothing says how the model scores.');
  return recordedMajority(policy, facts, clean(why));
}

function beats(policy: GatePolicy, scores: PairedCounts, majorityRight: unknown): RuleView {
  const { rows, right, p_value: pValue } = scores;
  const numbers = { ...scores };
  if (!isPaired(scores) || !isCount(majorityRight) || majorityRight > rows || rows < 1) {
    return refuses('majority', 'The counts of right answers are no counts.', numbers);
  }
  const words = `${right} of ${rows} held-out rows right, the most frequent class ${majorityRight} (p = ${shown(pValue)}`;
  if (right > majorityRight && pValue <= policy.maxPValue) {
    return holds('majority', `${words}).`, numbers);
  }
  return refuses('majority', `${words}): not better beyond luck.`, numbers);
}

/** What the pipeline recorded, where the model cannot be read. */
function recordedMajority(policy: GatePolicy, { recorded }: GateFacts, why: string): RuleView {
  const { test_accuracy: accuracy, majority_accuracy: majority } = recorded;
  const pValue = recorded['majority_p_value'];
  const numbers = { test_accuracy: accuracy, majority_accuracy: majority, p_value: pValue };
  if (majority === undefined && pValue === undefined) {
    const words = `Not comparable with the most frequent class, the evaluation's own verdict stands: ${why}.`;
    return warns('majority', words, numbers);
  }
  if (!isFraction(accuracy) || !isFraction(majority)) {
    return refuses('majority', 'The recorded accuracies are no fractions.', numbers);
  }
  const isBeyondLuck = pValue === undefined || (isFraction(pValue) && pValue <= policy.maxPValue);
  const words = `Recorded accuracy ${shown(accuracy)}, the most frequent class ${shown(majority)}`;
  if (accuracy > majority && isBeyondLuck) {
    return warns('majority', `${words}; not counted anew: ${why}.`, numbers);
  }
  return refuses('majority', `${words}: not better beyond luck.`, numbers);
}
