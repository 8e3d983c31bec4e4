import { describe, expect, it } from 'vitest';
import type { DriftFinding, MonitorState } from '../../../../src/contract/index.js';
import {
  afterCheck,
  afterRetrain,
  NO_CHECKS,
  type CheckOutcome,
  type Limits,
} from '../../../../src/workflow/monitor/decide.js';
import { nextCheckMs } from '../../../../src/workflow/monitor/next-check.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const LIMITS: Limits = {
  endpoint: 'churn',
  limit: 0.25,
  minRows: 100,
  coolDownSeconds: 24 * 3600,
  startedAt: '2026-01-01T00:00:00.000Z',
};

const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();
const finding = (psi: number, capturedRows = 500): DriftFinding => ({
  modelDigest: `sha256:${'a'.repeat(64)}`,
  referenceRows: 4000,
  capturedRows,
  capturedRequests: capturedRows,
  unreadable: 0,
  features: [{ name: 'minutes', psi }],
  reportKey: 'monitors/churn/r.json',
});
const ended = (hour: number) =>
  ({ runId: 'r', status: 'succeeded', deployment: 'promoted', endedAt: at(hour) }) as const;

describe('a check', () => {
  it('begins a retraining above the limit, under an id of its own (M1, M5)', () => {
    const { round, state } = afterCheck(NO_CHECKS, LIMITS, at(1), finding(0.2512));

    expect(round).toMatchObject({
      check: 1,
      verdict: 'drifted',
      action: 'retrain',
      reason: 'minutes has index 0.251 over 500 rows, above the limit 0.25',
      retrain: { runId: 'monitor-churn-20260101000000-1', status: 'running' },
    });
    expect(state).toMatchObject({ checks: 1, retrains: 1, retraining: 1 });
  });

  it('is stable at the limit itself (M1)', () => {
    expect(afterCheck(NO_CHECKS, LIMITS, at(1), finding(0.25)).round).toMatchObject({
      verdict: 'stable',
      action: 'none',
      maxPsi: 0.25,
    });
  });

  it('says nothing over few rows, however far they are (M1)', () => {
    expect(afterCheck(NO_CHECKS, LIMITS, at(1), finding(9, 99)).round).toMatchObject({
      verdict: 'too_few_rows',
      action: 'none',
      reason: '99 rows were captured; 100 are needed',
    });
  });

  it('begins none while one goes on (M2)', () => {
    const { state } = afterCheck(NO_CHECKS, LIMITS, at(1), finding(1));

    const second = afterCheck(state, LIMITS, at(2), finding(1));

    expect(second.round).toMatchObject({ action: 'retraining' });
    expect(second.round.reason).toContain('the retraining of check 1 goes on');
    expect(second.state).toMatchObject({ retrains: 1, retraining: 1 });
  });

  it.each([
    [26, 'cooling_down'],
    [27, 'retrain'],
  ] as const)(
    '%i hours after the start, of 24 since the end of the last one: %s (M3)',
    (hour, action) => {
      const { state } = afterCheck(NO_CHECKS, LIMITS, at(1), finding(1));

      const after = afterRetrain(state, 1, ended(3));

      expect(afterCheck(after, LIMITS, at(hour), finding(1)).round.action).toBe(action);
    },
  );

  it('that failed changes nothing (M4)', () => {
    const { round, state } = afterCheck(NO_CHECKS, LIMITS, at(1), { failure: 'no endpoint' });

    expect(round).toMatchObject({ verdict: 'failed', action: 'none', reason: 'no endpoint' });
    expect(state).toMatchObject({ checks: 1, retrains: 0, retraining: undefined });
  });
});

describe('a monitor, whatever comes', () => {
  it.each(Array.from({ length: 50 }, (_, seed) => seed))(
    'retrains one at a time, never within the cool-down, and on drift alone (seed %i)',
    (seed) => {
      const random = generator(seed);
      const begun: { hour: number; outcome: CheckOutcome }[] = [];
      const ends: number[] = [];
      let state: MonitorState = NO_CHECKS;
      let running: { check: number; until: number } | undefined;

      for (let hour = 1; hour <= 500; hour += 1) {
        if (running !== undefined && hour >= running.until) {
          state = afterRetrain(state, running.check, ended(hour));
          ends.push(hour);
          running = undefined;
        }
        const outcome =
          random() < 0.1
            ? { failure: 'lost' }
            : finding(random() * 0.6, Math.floor(random() * 400));
        const decided = afterCheck(state, LIMITS, at(hour), outcome);
        state = decided.state;
        if (decided.round.action === 'retrain') {
          expect(running).toBeUndefined();
          begun.push({ hour, outcome });
          running = { check: decided.round.check, until: hour + 1 + Math.floor(random() * 40) };
        }
      }

      expect(begun.length).toBeGreaterThan(3);
      expect(state.retrains).toBe(begun.length);
      expect(state.rounds.length).toBeLessThanOrEqual(30);
      for (const { hour, outcome } of begun) {
        expect(outcome).not.toHaveProperty('failure');
        const { features, capturedRows } = outcome as DriftFinding;
        expect(features[0]!.psi).toBeGreaterThan(LIMITS.limit);
        expect(capturedRows).toBeGreaterThanOrEqual(LIMITS.minRows);
        const last = Math.max(-Infinity, ...ends.filter((end) => end <= hour));
        expect(hour - last).toBeGreaterThanOrEqual(24);
      }
    },
  );
});

describe('nextCheckMs', () => {
  it.each([
    [0, 1],
    [0.5, 1],
    [1, 2],
    [73.2, 74],
  ])('after %f hours comes hour %f: the missed ones are left out', (now, next) => {
    expect(nextCheckMs(START, 3600, START + now * HOUR)).toBe(START + next * HOUR);
  });
});

/** Numbers from 0 to 1 that a seed fixes: Park and Miller's minimal standard generator. */
function generator(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
