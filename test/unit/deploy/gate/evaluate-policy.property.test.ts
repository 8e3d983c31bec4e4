// No set of facts opens the gate unless every rule holds: said a second time, in other words, and compared.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GatePolicy } from '../../../../src/contract/index.js';
import { evaluatePolicy, type GateFacts } from '../../../../src/deploy/index.js';
import { CHAMPION, GOOD, MODEL, STRICT } from './policy-case.js';

const RUNS = 4000;

/** Numbers as they come out of broken programs, and some that are good. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 120 }) },
  { weight: 3, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -1, 1e300, null, undefined) },
  { weight: 1, arbitrary: fc.constantFrom('0.9', '', true, {}, []) },
);
const part = (good: object): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(good) },
    { weight: 5, arbitrary: spoilt(good) },
    { weight: 1, arbitrary: fc.constantFrom(undefined, null, {}, []) },
  );
/** The good part with some of its numbers replaced. */
const spoilt = (good: object): fc.Arbitrary<object> =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(good)), number, { maxKeys: 2 })
    .map((changes) => ({ ...good, ...changes }));

const evidence = fc.record({
  leak: part(GOOD.evidence.leak!),
  scores: part(GOOD.evidence.scores!),
  champion: part(GOOD.evidence.champion!),
  segments: fc
    .array(part({ value: 'KS', rows: 36, right: 33 }), { maxLength: 3 })
    .map((state) => ({ state })),
  latency: part(GOOD.evidence.latency!),
  unavailable: fc.dictionary(
    fc.constantFrom('leak', 'scores', 'champion', 'latency', 'segments.state'),
    fc.constantFrom('cannot be read', '', 3 as unknown as string),
    { maxKeys: 2 },
  ),
});
const facts = fc.record({
  modelDigest: fc.constantFrom(MODEL, MODEL, MODEL, CHAMPION, undefined),
  evaluation: part(GOOD.evaluation!).map((evaluation) => evaluation ?? undefined),
  isEvaluatedInLineage: fc.boolean(),
  recorded: part({ ...GOOD.recorded, majority_accuracy: 0.7, majority_p_value: 0.01 }).map(
    (recorded) => recorded ?? {},
  ),
  champion: fc.constantFrom(
    GOOD.champion,
    { state: 'none' },
    { state: 'same', digest: MODEL },
    { state: 'unknown', why: 'gone' },
  ),
  evidence,
}) as unknown as fc.Arbitrary<GateFacts>;
const policy: fc.Arbitrary<GatePolicy> = fc.record({
  metrics: fc.constantFrom([], STRICT.metrics),
  beatMajority: fc.boolean(),
  champion: fc.constantFrom('ignore', 'not_worse', 'better'),
  segments: fc.constantFrom([], STRICT.segments),
  latencyP95Ms: fc.constantFrom(undefined, 50),
  maxPValue: fc.constantFrom(0.05, 0.01),
});

const isIn = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value >= low && value <= high;
const isWhole = (value: unknown): boolean => Number.isInteger(value) && isIn(value, 0, 2 ** 53);

/** What must be true of facts that open the gate: a necessary condition of each rule. */
function mustHold(wanted: GatePolicy, given: GateFacts): string[] {
  const { evidence: found, recorded, evaluation } = given;
  const said = found.unavailable ?? {};
  const { leak, scores, champion, segments, latency } = found;
  const unread = (name: string): boolean => typeof said[name] === 'string' && said[name] !== '';
  const conditions: [string, boolean][] = [
    [
      'evaluation',
      evaluation === undefined
        ? given.isEvaluatedInLineage === true
        : evaluation['model_digest'] === given.modelDigest &&
          evaluation['passed'] === true &&
          (evaluation['test_accuracy'] as number) >= (evaluation['threshold'] as number),
    ],
    ['digest', given.modelDigest !== undefined],
    ['leak', leak ? leak.overlap_rows === 0 && leak.held_out_rows > 0 : unread('leak')],
    ...wanted.metrics.map(
      ({ metric, atLeast = -Infinity, atMost = Infinity }): [string, boolean] => [
        `metric ${metric}`,
        Number.isFinite(recorded[metric]) && isIn(recorded[metric], atLeast, atMost),
      ],
    ),
    [
      'majority',
      !wanted.beatMajority ||
        (scores
          ? scores.right > scores.majority_right && isIn(scores.p_value, 0, wanted.maxPValue)
          : unread('scores')),
    ],
    [
      'champion',
      wanted.champion === 'ignore' ||
        given.champion.state === 'none' ||
        given.champion.state === 'same' ||
        (wanted.champion === 'not_worse' && given.champion.state === 'unknown') ||
        (champion && given.champion.state === 'other'
          ? [champion.rows, champion.right, champion.champion_right].every(isWhole) &&
            (wanted.champion === 'better'
              ? champion.right > champion.champion_right &&
                isIn(champion.p_value, 0, wanted.maxPValue)
              : champion.right >= champion.champion_right)
          : wanted.champion === 'not_worse' && unread('champion')),
    ],
    ...wanted.segments.map(({ column, atLeast, minRows }): [string, boolean] => {
      const judged = (segments?.[column] ?? []).filter((each) => each?.rows >= minRows);
      const reaches = judged.every(({ right, rows }) => right / rows >= atLeast);
      return ['segment', judged.length > 0 && reaches];
    }),
    ['latency', wanted.latencyP95Ms === undefined || isIn(latency?.p95_ms, 0, wanted.latencyP95Ms)],
  ];
  return conditions.filter(([, holds]) => !holds).map(([name]) => name);
}

test('no facts open the gate unless every rule holds (G1, G3)', () => {
  let opened = 0;
  fc.assert(
    fc.property(policy, facts, (wanted, given) => {
      const finding = evaluatePolicy(wanted, given);

      const broken = mustHold(wanted, given);
      if (finding.passed) opened += 1;
      expect({ opens: finding.passed, broken: finding.passed ? broken : [] }).toEqual({
        opens: finding.passed,
        broken: [],
      });
      expect(finding.passed).toBe(finding.rules.every(({ passed }) => passed));
    }),
    { numRuns: RUNS, seed: 20261127 },
  );
  expect(opened).toBeGreaterThan(RUNS / 100);
});
