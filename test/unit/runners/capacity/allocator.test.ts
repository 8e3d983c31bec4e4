// The allocator driven by every order of claims and ends that a seed can think of.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Allocator } from '../../../../src/runners/capacity/allocator.js';
import { fits, type Amount } from '../../../../src/runners/capacity/amount.js';

const TOTAL: Amount = { milliCpus: 8000, memoryBytes: 1000, accelerators: 2 };

const amount = fc.record({
  milliCpus: fc.integer({ min: 0, max: TOTAL.milliCpus }),
  memoryBytes: fc.integer({ min: 0, max: TOTAL.memoryBytes }),
  accelerators: fc.integer({ min: 0, max: TOTAL.accelerators }),
});
/** Claims come; ends pick one of those that hold or wait. */
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('claim' as const), amount }),
    fc.record({ kind: fc.constant('end' as const), which: fc.nat() }),
  ),
  { maxLength: 60 },
);

interface Outcome {
  readonly allocator: Allocator<number>;
  /** In the order of their grants. */
  readonly granted: number[];
  /** Granted and not ended. */
  readonly holding: Map<number, Amount>;
  readonly waiting: Map<number, Amount>;
}

function play(
  script: typeof steps extends fc.Arbitrary<infer Steps> ? Steps : never,
  check: (outcome: Outcome) => void = () => undefined,
): Outcome {
  const allocator = new Allocator<number>(TOTAL);
  const outcome: Outcome = { allocator, granted: [], holding: new Map(), waiting: new Map() };
  for (const [id, step] of script.entries()) {
    if (step.kind === 'claim') {
      outcome.waiting.set(id, step.amount);
      if (allocator.claim(id, step.amount)) take(outcome, [id]);
    } else {
      const alive = [...outcome.holding.keys(), ...outcome.waiting.keys()];
      const ended = alive[step.which % Math.max(1, alive.length)];
      if (ended !== undefined) end(outcome, ended);
    }
    check(outcome);
  }
  return outcome;
}

function end(outcome: Outcome, id: number): void {
  outcome.holding.delete(id);
  outcome.waiting.delete(id);
  take(outcome, outcome.allocator.end(id));
}

function take({ granted, holding, waiting }: Outcome, ids: readonly number[]): void {
  for (const id of ids) {
    granted.push(id);
    holding.set(id, waiting.get(id)!);
    waiting.delete(id);
  }
}

function sum(amounts: Iterable<Amount>, of: keyof Amount): number {
  return [...amounts].reduce((total, each) => total + each[of], 0);
}

describe('claims on a machine', () => {
  test('are never granted beyond what it has (C1)', () => {
    fc.assert(
      fc.property(steps, (script) => {
        play(script, ({ holding, allocator }) => {
          for (const of of ['milliCpus', 'memoryBytes', 'accelerators'] as const) {
            const used = sum(holding.values(), of);
            expect(used).toBeLessThanOrEqual(TOTAL[of]);
            expect(allocator.free[of]).toBe(TOTAL[of] - used);
          }
        });
      }),
    );
  });

  test('are granted in the order they came (C2)', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { granted } = play(script);

        expect(granted).toEqual([...granted].sort((left, right) => left - right));
      }),
    );
  });

  test('wait only behind one that does not fit now (C2)', () => {
    fc.assert(
      fc.property(steps, (script) => {
        play(script, ({ waiting, allocator }) => {
          const [first] = waiting.values();
          if (first !== undefined) expect(fits(first, allocator.free)).toBe(false);
        });
      }),
    );
  });

  test('are all granted once those before them have ended (C3)', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const outcome = play(script);

        while (outcome.holding.size > 0) end(outcome, [...outcome.holding.keys()][0]!);

        expect(outcome.waiting.size).toBe(0);
        expect(outcome.allocator.free).toEqual(TOTAL);
      }),
    );
  });

  test('of more than the whole machine are refused', () => {
    const allocator = new Allocator<number>(TOTAL);

    expect(() => allocator.claim(1, { ...TOTAL, accelerators: 3 })).toThrow(RangeError);
  });

  test('wait until what runs already leaves room, even beyond the machine (C4)', () => {
    const allocator = new Allocator<string>(TOTAL);
    allocator.adopt('first', TOTAL);
    allocator.adopt('second', TOTAL);
    const isGranted = allocator.claim('new', { ...TOTAL, milliCpus: 1 });

    const afterFirst = allocator.end('first');
    const afterSecond = allocator.end('second');

    expect({ isGranted, afterFirst, afterSecond }).toEqual({
      isGranted: false,
      afterFirst: [],
      afterSecond: ['new'],
    });
  });
});
