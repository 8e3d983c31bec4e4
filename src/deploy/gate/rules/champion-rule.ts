import type { GatePolicy, RuleView } from '../../../contract/index.js';
import type { GateFacts } from '../gate-facts.js';
import { isCount, shown } from '../numbers.js';
import { holds, refuses, warns } from '../rule-view.js';
import { isPaired } from './is-paired.js';
import { clean, reasonFor } from './reasons.js';

/** Against the model now live, on the same rows. */
export function championRule(policy: GatePolicy, facts: GateFacts): RuleView | undefined {
  if (policy.champion === 'ignore') return undefined;
  const { champion, evidence } = facts;
  if (champion.state === 'none') return holds('champion', 'No champion: the endpoint serves none.');
  const numbers = { champion: champion.digest };
  if (champion.state === 'same') {
    return holds('champion', 'The endpoint serves this very model.', numbers);
  }
  if (champion.state === 'unknown') return notComparable(policy, champion.why, numbers);
  if (evidence.champion !== undefined && evidence.champion !== null) {
    return duel(policy, evidence.champion, numbers);
  }
  const why = reasonFor(evidence.unavailable, 'champion');
  if (why === undefined) return refuses('champion', 'Nothing says how the champion scores.');
  return notComparable(policy, why, numbers);
}

function duel(
  policy: GatePolicy,
  counts: NonNullable<GateFacts['evidence']['champion']>,
  champion: { readonly champion?: string },
): RuleView {
  const numbers = { ...champion, ...counts };
  const { rows, right, champion_right: theirs, p_value: pValue } = counts;
  if (!isPaired(counts) || !isCount(theirs) || theirs > rows) {
    return refuses('champion', 'The counts of right answers are no counts.', numbers);
  }
  if (rows < 1) {
    return notComparable(policy, 'one of the two was trained on every held-out row', numbers);
  }
  const words = `${right} of ${rows} shared unseen rows right, the champion ${theirs}`;
  if (policy.champion === 'not_worse') {
    return right >= theirs
      ? holds('champion', `${words}.`, numbers)
      : refuses('champion', `${words}: worse.`, numbers);
  }
  const tested = `${words} (p = ${shown(pValue)})`;
  return right > theirs && pValue <= policy.maxPValue
    ? holds('champion', `${tested}.`, numbers)
    : refuses('champion', `${tested}: not better beyond luck.`, numbers);
}

function notComparable(
  policy: GatePolicy,
  why: string,
  numbers: Readonly<Record<string, unknown>>,
): RuleView {
  const words = `Not comparable with the champion: ${clean(why)}.`;
  return policy.champion === 'not_worse'
    ? warns('champion', words, numbers)
    : refuses('champion', words, numbers);
}
