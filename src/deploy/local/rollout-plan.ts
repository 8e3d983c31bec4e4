import type { RolloutPolicy } from '../../contract/index.js';

/** A part of a rollout during which the shares of the models stay the same. */
export interface RolloutStep {
  /** As it is named in reasons: `the canary step`, `step 2 of 9`, `baking`. */
  readonly phase: string;
  /** Share of requests that go to the new model. */
  readonly percent: number;
  readonly seconds: number;
}

const ALL = 100;

/**
 * The steps of a rollout, in order.
 *
 * @returns none for a swap at once that nobody watches; otherwise the last one is baking, at full traffic
 */
export function rolloutSteps(policy: RolloutPolicy): RolloutStep[] {
  const { strategy, bakeSeconds } = policy;
  if (strategy === 'all_at_once' && bakeSeconds === 0) return [];
  return [...partialSteps(policy), { phase: 'baking', percent: ALL, seconds: bakeSeconds }];
}

function partialSteps({
  strategy,
  stepPercent,
  stepSeconds: seconds,
}: RolloutPolicy): RolloutStep[] {
  if (strategy === 'all_at_once') return [];
  if (strategy === 'canary') return [{ phase: 'the canary step', percent: stepPercent, seconds }];
  const count = Math.ceil(ALL / stepPercent) - 1;
  return Array.from({ length: count }, (_, index) => ({
    phase: `step ${index + 1} of ${count}`,
    percent: stepPercent * (index + 1),
    seconds,
  }));
}
