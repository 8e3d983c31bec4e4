import type { DecisionView, RuleView, RunView } from '../../contract/index.js';
import type { Output } from './output.js';
import { timeText } from './time-text.js';

/** What the gate decided, a row for each rule: its name, and what it found. */
export function decisionFacts({ tasks }: RunView, colors: Output['colors']): string[][] {
  const decisions = tasks.flatMap(({ decision }) => decision ?? []);
  return decisions.flatMap((decision) => [
    ...decision.rules.map((rule) => ruleRow(rule, colors)),
    ...approvalRow(decision),
  ]);
}

function ruleRow({ rule, passed, warning, words }: RuleView, colors: Output['colors']): string[] {
  const mark = passed
    ? warning === true
      ? colors.yellow('!')
      : colors.green('✓')
    : colors.red('✗');
  return [`  ${rule}`, `${mark} ${words}`];
}

function approvalRow({ approval }: DecisionView): string[][] {
  if (approval === undefined) return [];
  const { answer, by, reason, at } = approval;
  const why = reason === '' ? '' : `: ${reason}`;
  return [['  approval', `${answer} by ${by}${why} (${timeText(at)} UTC)`]];
}
