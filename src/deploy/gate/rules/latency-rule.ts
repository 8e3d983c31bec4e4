import type { GatePolicy, RuleView } from '../../../contract/index.js';
import type { GateFacts } from '../gate-facts.js';
import { isFinite, shown } from '../numbers.js';
import { holds, refuses } from '../rule-view.js';
import { clean, reasonFor } from './reasons.js';

/** Time of one prediction in the smoke test. */
export function latencyRule(policy: GatePolicy, { evidence }: GateFacts): RuleView | undefined {
  const limit = policy.latencyP95Ms;
  if (limit === undefined) return undefined;
  const { latency, unavailable } = evidence;
  const p95 = latency?.p95_ms;
  const numbers = { ...latency, limit_ms: limit };
  if (!isFinite(p95) || p95 < 0) {
    const why = reasonFor(unavailable, 'latency') ?? 'nothing was timed';
    return refuses('latency', `No time of a prediction: ${clean(why)}.`, numbers);
  }
  return p95 <= limit
    ? holds('latency', `95% of predictions within ${shown(p95)} ms.`, numbers)
    : refuses(
        'latency',
        `95% of predictions within ${shown(p95)} ms; ${limit} ms is allowed.`,
        numbers,
      );
}
