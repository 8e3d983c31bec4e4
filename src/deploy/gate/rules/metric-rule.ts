import type { MetricLimit, RuleView } from '../../../contract/index.js';
import type { GateFacts } from '../gate-facts.js';
import { isFinite, shown } from '../numbers.js';
import { holds, refuses } from '../rule-view.js';

/** A recorded metric within its limits. */
export function metricRule(limit: MetricLimit, { recorded }: GateFacts): RuleView {
  const { metric, atLeast, atMost } = limit;
  const value = Object.hasOwn(recorded, metric) ? recorded[metric] : undefined;
  const numbers = { metric, value, at_least: atLeast, at_most: atMost };
  if (!isFinite(value)) {
    return refuses('metric', `The evaluation recorded no finite number "${metric}".`, numbers);
  }
  if (atLeast !== undefined && !(value >= atLeast)) {
    return refuses('metric', `${metric} ${shown(value)} is less than ${atLeast}.`, numbers);
  }
  if (atMost !== undefined && !(value <= atMost)) {
    return refuses('metric', `${metric} ${shown(value)} is more than ${atMost}.`, numbers);
  }
  return holds('metric', `${metric} is ${shown(value)}.`, numbers);
}
