import type { GateRule, RuleView } from '../../contract/index.js';

type Numbers = Readonly<Record<string, unknown>>;

/** A rule that holds. */
export function holds(rule: GateRule, words: string, numbers: Numbers = {}): RuleView {
  return { rule, passed: true, numbers: plain(numbers), words };
}

/** A rule that refuses. */
export function refuses(rule: GateRule, words: string, numbers: Numbers = {}): RuleView {
  return { rule, passed: false, numbers: plain(numbers), words };
}

/** A rule that holds though it could not compare. */
export function warns(rule: GateRule, words: string, numbers: Numbers = {}): RuleView {
  return { ...holds(rule, words, numbers), warning: true };
}

/** Finite numbers and texts only: a record holds nothing else. */
function plain(numbers: Numbers): Record<string, number | string> {
  const kept = Object.entries(numbers).filter(
    (entry): entry is [string, number | string] =>
      typeof entry[1] === 'string' || Number.isFinite(entry[1]),
  );
  return Object.fromEntries(kept);
}
