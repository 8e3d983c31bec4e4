// The gate of an endpoint: all rules of its policy, on one set of facts.
//
// G1. Every rule must hold; each one says what it found, also after another has refused.
// G2. Equal facts give equal findings: whoever has the facts on record can decide again.
// G3. A number that is absent, not finite or out of its range never passes.
// G4. A tie passes, but where a rule asks for "better".
// G5. A fact that could not be had is told from a missing one by its reason: only default rules bear it, and warn.

import type { GatePolicy, RuleView } from '../../contract/index.js';
import type { GateFacts } from './gate-facts.js';
import { championRule } from './rules/champion-rule.js';
import { evaluationRule } from './rules/evaluation-rule.js';
import { latencyRule } from './rules/latency-rule.js';
import { leakRule } from './rules/leak-rule.js';
import { majorityRule } from './rules/majority-rule.js';
import { metricRule } from './rules/metric-rule.js';
import { segmentRule } from './rules/segment-rule.js';

export interface PolicyFinding {
  readonly passed: boolean;
  /** The words of the rules that refuse, or that all hold. */
  readonly reason: string;
  /** One entry for each rule, in the order of GATE_RULES. */
  readonly rules: readonly RuleView[];
}

/** Applies the rules of a policy to what is known of a model (G1 to G5). */
export function evaluatePolicy(policy: GatePolicy, facts: GateFacts): PolicyFinding {
  const rules = [
    evaluationRule(facts),
    leakRule(facts),
    ...policy.metrics.map((limit) => metricRule(limit, facts)),
    majorityRule(policy, facts),
    championRule(policy, facts),
    ...policy.segments.map((floor) => segmentRule(floor, facts)),
    latencyRule(policy, facts),
  ].filter((rule) => rule !== undefined);
  const refusals = rules.filter(({ passed }) => !passed);
  return {
    passed: refusals.length === 0,
    reason:
      refusals.length === 0
        ? `all ${rules.length} rules of the gate hold`
        : refusals.map(({ words }) => words).join(' '),
    rules,
  };
}
