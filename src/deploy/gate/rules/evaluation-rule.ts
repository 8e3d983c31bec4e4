import type { RuleView } from '../../../contract/index.js';
import { checkGate } from '../check-gate.js';
import type { GateFacts } from '../gate-facts.js';
import { holds, refuses } from '../rule-view.js';
import { sentence } from './reasons.js';

/** The pipeline's own verdict, on these very bytes. */
export function evaluationRule(facts: GateFacts): RuleView {
  const decision = checkGate(facts);
  const { test_accuracy, threshold } = facts.evaluation ?? {};
  const numbers = { test_accuracy, threshold };
  return decision.accepted
    ? holds('evaluation', sentence(decision.reason), numbers)
    : refuses('evaluation', sentence(decision.reason), numbers);
}
