import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type RolloutPolicy } from '../../../../src/contract/index.js';
import {
  rollOut,
  type RolloutContext,
  type RolloutPosition,
} from '../../../../src/deploy/local/roll-out.js';
import { alarmStates, whyAlarmed } from '../../../../src/deploy/local/rollout-alarms.js';
import { rolloutSteps } from '../../../../src/deploy/local/rollout-plan.js';
import { TrafficCounter, type RequestEnd } from '../../../../src/deploy/local/traffic-counter.js';

const policy = (changes: Partial<RolloutPolicy>): RolloutPolicy => ({
  ...DEFAULT_POLICY.rollout,
  ...changes,
});
const CANARY = policy({ strategy: 'canary', stepPercent: 10, stepSeconds: 60, bakeSeconds: 300 });

/** A rollout on a clock that stands still but for the sleeps. */
class Rehearsal {
  readonly shifts: { readonly at: number; readonly percent: number }[] = [];
  readonly counter = new TrafficCounter();
  readonly canceled = new AbortController();
  readonly ended = new AbortController();
  isServing = true;
  /** What happens at a time, in seconds. */
  readonly #events: (readonly [at: number, happens: () => void])[] = [];
  #nowMs = 0;

  at(seconds: number, happens: () => void): this {
    this.#events.push([seconds, happens]);
    return this;
  }

  answers(count: number, end: RequestEnd, latencyMs = 5): void {
    for (let index = 0; index < count; index += 1) this.counter.add(end, latencyMs);
  }

  get seconds(): number {
    return this.#nowMs / 1000;
  }

  run(wanted: RolloutPolicy): Promise<string | undefined> {
    const port = {
      shift: (position: RolloutPosition) => {
        this.shifts.push({ at: this.seconds, percent: position.percent });
        return Promise.resolve();
      },
      counts: () => this.counter.counts(),
      isServing: () => this.isServing,
    };
    const context: RolloutContext = {
      signal: this.canceled.signal,
      ended: this.ended.signal,
      progress: () => undefined,
      clock: { now: () => this.#nowMs, sleep: (ms) => this.#sleep(ms) },
    };
    return rollOut(port, wanted, context);
  }

  #sleep(ms: number): Promise<void> {
    const before = this.seconds;
    this.#nowMs += ms;
    for (const [at, happens] of this.#events) {
      if (at > before && at <= this.seconds) happens();
    }
    return Promise.resolve();
  }
}

describe('the steps of a rollout', () => {
  it('are none for a swap at once that nobody watches', () => {
    expect(rolloutSteps(policy({ strategy: 'all_at_once', bakeSeconds: 0 }))).toEqual([]);
  });

  it('are baking alone for a swap at once that is watched', () => {
    expect(rolloutSteps(policy({ strategy: 'all_at_once', bakeSeconds: 9 }))).toEqual([
      { phase: 'baking', percent: 100, seconds: 9 },
    ]);
  });

  it('are one small share and then all for a canary', () => {
    expect(rolloutSteps(CANARY)).toEqual([
      { phase: 'the canary step', percent: 10, seconds: 60 },
      { phase: 'baking', percent: 100, seconds: 300 },
    ]);
  });

  it.each([
    [50, [50, 100]],
    [25, [25, 50, 75, 100]],
    [30, [30, 60, 90, 100]],
    [40, [40, 80, 100]],
  ])('grow by %i percent when linear, up to all', (stepPercent, percents) => {
    const steps = rolloutSteps(policy({ strategy: 'linear', stepPercent }));

    expect(steps.map(({ percent }) => percent)).toEqual(percents);
  });
});

describe('a rollout', () => {
  it('holds each share for its time, and ends after baking', async () => {
    const rehearsal = new Rehearsal();

    const problem = await rehearsal.run(CANARY);

    expect(problem).toBeUndefined();
    expect(rehearsal.shifts).toEqual([
      { at: 0, percent: 10 },
      { at: 60, percent: 100 },
    ]);
    expect(rehearsal.seconds).toBeCloseTo(360);
  });

  it('ends at once when too many requests failed, and gives the numbers', async () => {
    const rehearsal = new Rehearsal().at(20, () => {
      rehearsal.answers(44, 200);
      rehearsal.answers(6, 503);
    });

    const problem = await rehearsal.run({
      ...CANARY,
      alarms: { errorRate: 0.05, minRequests: 20, names: [] },
    });

    expect(problem).toBe('error rate 0.12 > 0.05 over 50 requests in the canary step');
    expect(rehearsal.seconds).toBeCloseTo(20);
    expect(rehearsal.shifts).toHaveLength(1);
  });

  it('ends when it grows slow in baking', async () => {
    const rehearsal = new Rehearsal().at(100, () => rehearsal.answers(40, 200, 812.3456));

    const problem = await rehearsal.run({
      ...CANARY,
      alarms: { latencyP95Ms: 500, minRequests: 20, names: [] },
    });

    expect(problem).toBe('latency p95 812 ms > 500 ms over 40 requests in baking');
  });

  it('goes on while there are too few requests to judge by (A1)', async () => {
    const rehearsal = new Rehearsal().at(5, () => rehearsal.answers(19, 500));

    const problem = await rehearsal.run({
      ...CANARY,
      alarms: { errorRate: 0.05, minRequests: 20, names: [] },
    });

    expect(problem).toBeUndefined();
  });

  it('ends when the process of the new model ends (W2)', async () => {
    const rehearsal = new Rehearsal().at(10, () => (rehearsal.isServing = false));

    expect(await rehearsal.run(CANARY)).toBe('its process ended in the canary step');
  });

  it('ends on the word of an operator (W2)', async () => {
    const rehearsal = new Rehearsal().at(70, () => rehearsal.ended.abort());

    expect(await rehearsal.run(CANARY)).toBe('an operator ended the rollout in baking');
  });

  it('throws the reason of a cancellation, also in baking (W3)', async () => {
    const rehearsal = new Rehearsal().at(100, () =>
      rehearsal.canceled.abort(new Error('run canceled')),
    );

    await expect(rehearsal.run(CANARY)).rejects.toThrow('run canceled');
  });
});

describe('the alarms', () => {
  const alarms = { errorRate: 0.1, latencyP95Ms: 100, minRequests: 10, names: [] };
  const counted = (...ends: (readonly [count: number, end: RequestEnd, latencyMs: number])[]) => {
    const counter = new TrafficCounter();
    for (const [count, end, latencyMs] of ends) {
      for (let index = 0; index < count; index += 1) counter.add(end, latencyMs);
    }
    return counter.counts();
  };

  it('let a tie with their limits pass (A1)', () => {
    const counts = counted([9, 200, 100], [1, 500, 100]);

    expect(alarmStates(alarms, counts).map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  it('count what a caller got no answer to as failed, and the mistakes of callers not (T2)', () => {
    const counts = counted([7, 400, 1], [1, 'none', 1], [1, 502, 1], [1, 'abandoned', 1]);

    expect(counts).toMatchObject({ requests: 10, failed: 2, abandoned: 1 });
    expect(counts.statuses).toEqual({ '400': 7, '502': 1, none: 1 });
    expect(whyAlarmed(alarms, counts, 'baking')).toBe(
      'error rate 0.2 > 0.1 over 10 requests in baking',
    );
  });

  it('do not hide that a value is above its limit by rounding it', () => {
    const counts = counted([8999, 200, 1], [1001, 500, 1]);

    expect(whyAlarmed({ ...alarms, errorRate: 0.1 }, counts, 'baking')).toBe(
      'error rate 0.1001 > 0.1 over 10000 requests in baking',
    );
  });

  it('take the nearest rank as percentile', () => {
    const counter = new TrafficCounter();
    for (let latencyMs = 100; latencyMs >= 1; latencyMs -= 1) counter.add(200, latencyMs);

    expect(counter.counts().latencyMs).toEqual({ p50: 50, p95: 95, max: 100 });
  });

  it('look at the latencies of the last 10,000 requests (T3)', () => {
    const counts = counted([10_000, 200, 900], [10_000, 200, 1]);

    expect(counts).toMatchObject({ requests: 20_000, latencyMs: { p95: 1, max: 1 } });
  });
});
