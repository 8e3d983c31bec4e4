// Moves traffic to the new model (green) step by step, and watches what it answers.
//
// W1. A step is recorded and routed before it is watched; alarms count from the first step to the end of baking.
// W2. An alarm, a green whose process ended, or an operator's word ends the rollout with a reason. The caller then
//     puts blue back, as it does when this throws.
// W3. A canceled deployment throws its signal's reason, whatever the step.

import type { RolloutPolicy } from '../../contract/index.js';
import { whyAlarmed } from './rollout-alarms.js';
import { rolloutSteps, type RolloutStep } from './rollout-plan.js';
import type { TrafficCounts } from './traffic-counter.js';

/** A step as it is carried out; numbers from 1. */
export interface RolloutPosition extends RolloutStep {
  readonly step: number;
  readonly steps: number;
}

/** What a rollout changes and looks at. */
export interface RolloutPort {
  shift(position: RolloutPosition): Promise<void>;
  /** What green answered since the rollout began. */
  counts(): TrafficCounts;
  isServing(): boolean;
}

export interface RolloutContext {
  /** Aborted when the deployment is canceled (W3). */
  readonly signal: AbortSignal;
  /** Aborted when an operator wants the earlier model back (W2). */
  readonly ended: AbortSignal;
  readonly progress: (state: string) => void;
  readonly clock: RolloutClock;
}

export interface RolloutClock {
  /** Milliseconds from any fixed time. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

// Short beside any step, long beside the sorting of some thousand latencies.
const CHECK_MS = 100;

/**
 * Carries out all steps of a rollout.
 *
 * @returns why it must not go live, in words; undefined when green has all traffic and nothing spoke against it
 */
export async function rollOut(
  port: RolloutPort,
  policy: RolloutPolicy,
  context: RolloutContext,
): Promise<string | undefined> {
  const steps = rolloutSteps(policy);
  for (const [index, step] of steps.entries()) {
    context.signal.throwIfAborted();
    context.progress(`${step.phase}: ${step.percent} % of requests to the new model`);
    await port.shift({ ...step, step: index + 1, steps: steps.length });
    const problem = await watchStep(port, policy, step, context);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function watchStep(
  port: RolloutPort,
  { alarms }: RolloutPolicy,
  { phase, seconds }: RolloutStep,
  { signal, ended, clock }: RolloutContext,
): Promise<string | undefined> {
  const until = clock.now() + seconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    if (ended.aborted) return `an operator ended the rollout in ${phase}`;
    const problem = whyAlarmed(alarms, port.counts(), phase);
    if (problem !== undefined) return problem;
    if (!port.isServing()) return `its process ended in ${phase}`;
    const leftMs = until - clock.now();
    if (leftMs <= 0) return undefined;
    await clock.sleep(Math.min(leftMs, CHECK_MS));
  }
}
