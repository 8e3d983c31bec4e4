import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../../src/contract/index.js';
import type { GatePolicy, GateRule } from '../../../../src/contract/index.js';
import { evaluatePolicy, type GateFacts } from '../../../../src/deploy/index.js';
import { CHAMPION, GOOD, STRICT, withEvidence } from './policy-case.js';

const { gate: DEFAULT } = DEFAULT_POLICY;

const ruleOf = (rule: GateRule, facts: GateFacts, policy: GatePolicy = STRICT) =>
  evaluatePolicy(policy, facts).rules.find((each) => each.rule === rule)!;

describe('the gate of an endpoint', () => {
  test('opens when every rule holds, and says one thing for each (G1)', () => {
    const finding = evaluatePolicy(STRICT, GOOD);

    expect(finding.passed).toBe(true);
    expect(finding.rules.map(({ rule, passed }) => `${rule} ${passed}`)).toEqual([
      'evaluation true',
      'leak true',
      'metric true',
      'metric true',
      'majority true',
      'champion true',
      'segment true',
      'latency true',
    ]);
  });

  test('names every rule that refuses, not the first alone (G1)', () => {
    const finding = evaluatePolicy(STRICT, {
      ...withEvidence({ leak: { ...GOOD.evidence.leak!, overlap_rows: 3 } }),
      recorded: {},
    });

    const refused = finding.rules.filter(({ passed }) => !passed).map(({ rule }) => rule);
    expect(refused).toEqual(['leak', 'metric', 'metric']);
    expect(finding.reason).toContain('fitted on 3 of the 100 held-out rows');
    expect(finding.reason).toContain('no finite number "brier"');
  });

  test("the pipeline's own verdict comes first, and is one rule of several", () => {
    const evaluation = { ...GOOD.evaluation, test_accuracy: 0.84 };

    const finding = evaluatePolicy(DEFAULT, { ...GOOD, evaluation });

    expect(finding.rules[0]).toMatchObject({
      rule: 'evaluation',
      passed: false,
      numbers: { test_accuracy: 0.84, threshold: 0.85 },
    });
    expect(finding.passed).toBe(false);
  });
});

describe('the rule of leaks', () => {
  test('refuses a single shared row', () => {
    const leak = { ...GOOD.evidence.leak!, overlap_rows: 1 };

    expect(ruleOf('leak', withEvidence({ leak })).passed).toBe(false);
  });

  test('tells repeated held-out rows, and bears them', () => {
    const leak = { ...GOOD.evidence.leak!, repeated_rows: 7 };

    const rule = ruleOf('leak', withEvidence({ leak }));

    expect(rule.passed).toBe(true);
    expect(rule.words).toContain('7 of them repeat');
  });

  test('warns where rows could not be read, and refuses where nothing is said (G5)', () => {
    const unread = withEvidence({ leak: undefined, unavailable: { leak: 'not a CSV file.' } });
    const silent = withEvidence({ leak: undefined });

    expect(ruleOf('leak', unread)).toMatchObject({ passed: true, warning: true });
    expect(ruleOf('leak', silent).passed).toBe(false);
  });
});

describe('the rule of metrics', () => {
  test.each([
    [0.8, true],
    [0.7999, false],
    [Number.NaN, false],
    [Infinity, false],
    ['0.9', false],
    [null, false],
  ])('test_roc_auc %s against at least 0.8: %s (G3, G4)', (value, passed) => {
    const facts = { ...GOOD, recorded: { ...GOOD.recorded, test_roc_auc: value } };

    expect(ruleOf('metric', facts).passed).toBe(passed);
  });

  test('a metric of the language itself is none', () => {
    const policy = { ...DEFAULT, metrics: [{ metric: 'constructor', atMost: 1 }] };

    expect(ruleOf('metric', GOOD, policy).passed).toBe(false);
  });
});

describe('the rule of the most frequent class', () => {
  test('asks for more than luck', () => {
    const scores = { ...GOOD.evidence.scores!, p_value: 0.0501 };

    expect(ruleOf('majority', withEvidence({ scores })).passed).toBe(false);
    expect(ruleOf('majority', withEvidence({ scores: { ...scores, p_value: 0.05 } })).passed).toBe(
      true,
    );
  });

  test('takes what was recorded where the model cannot be read, and says so (G5)', () => {
    const unread = withEvidence({ scores: undefined, unavailable: { scores: 'no reader' } });
    const recorded = { test_accuracy: 0.9, majority_accuracy: 0.7, majority_p_value: 0.01 };

    const better = ruleOf('majority', { ...unread, recorded });
    const equal = ruleOf('majority', { ...unread, recorded: { ...recorded, test_accuracy: 0.7 } });
    const lucky = ruleOf('majority', { ...unread, recorded: { ...recorded, majority_p_value: 1 } });
    const broken = ruleOf('majority', {
      ...unread,
      recorded: { ...recorded, majority_p_value: Number.NaN },
    });
    const nothing = ruleOf('majority', { ...unread, recorded: { test_accuracy: 0.9 } });

    expect(better).toMatchObject({ passed: true, warning: true });
    expect([equal.passed, lucky.passed, broken.passed]).toEqual([false, false, false]);
    expect(nothing).toMatchObject({ passed: true, warning: true });
    expect(nothing.words).toContain("the evaluation's own verdict stands");
  });
});

describe('the rule of the champion', () => {
  const duel = { ...GOOD.evidence.champion!, right: 80, wins: 7, losses: 7, p_value: 0.6 };

  test.each([
    ['not_worse', 80, true],
    ['not_worse', 79, false],
    ['better', 80, false],
  ] as const)('%s with %i right against 80: %s (G4)', (champion, right, passed) => {
    const facts = withEvidence({ champion: { ...duel, right } });

    expect(ruleOf('champion', facts, { ...DEFAULT, champion }).passed).toBe(passed);
  });

  test.each([
    ['none', { state: 'none' }],
    ['the challenger itself', { state: 'same', digest: CHAMPION }],
  ] as const)('holds where the champion is %s', (_, champion) => {
    expect(ruleOf('champion', { ...GOOD, champion }).passed).toBe(true);
  });

  test('what cannot be compared is not worse, with a warning, and never better (G5)', () => {
    const none = withEvidence({
      champion: { ...duel, rows: 0, right: 0, champion_right: 0, wins: 0, losses: 0 },
    });
    const gone = { ...GOOD, champion: { state: 'unknown', why: 'gone' } } as const;

    for (const facts of [none, gone]) {
      expect(ruleOf('champion', facts, DEFAULT)).toMatchObject({ passed: true, warning: true });
      expect(ruleOf('champion', facts, STRICT).passed).toBe(false);
    }
  });

  test('is not asked where the policy ignores it', () => {
    const finding = evaluatePolicy({ ...DEFAULT, champion: 'ignore' }, GOOD);

    expect(finding.rules.map(({ rule }) => rule)).toEqual(['evaluation', 'leak', 'majority']);
  });
});

describe('the rule of segments', () => {
  const policy = (atLeast: number, minRows: number): GatePolicy => ({
    ...DEFAULT,
    segments: [{ column: 'state', atLeast, minRows }],
  });

  test('judges values with enough rows only, and counts the others', () => {
    const rule = ruleOf('segment', GOOD, policy(0.9, 10));

    expect(rule).toMatchObject({ passed: true, numbers: { judged: 2, too_few_rows: 1 } });
  });

  test('names the values below the floor', () => {
    const rule = ruleOf('segment', GOOD, policy(0.9, 1));

    expect(rule.passed).toBe(false);
    expect(rule.words).toContain('NY 0.5 of 4 rows');
  });

  test('refuses where no value has enough rows, or the column is not there', () => {
    expect(ruleOf('segment', GOOD, policy(0.1, 61)).passed).toBe(false);
    expect(ruleOf('segment', withEvidence({ segments: {} }), policy(0.1, 1)).passed).toBe(false);
  });
});

test('the time of a prediction passes at its limit and not beyond (G4)', () => {
  const at = (p95: number) => withEvidence({ latency: { rows: 100, p50_ms: 1, p95_ms: p95 } });

  expect(ruleOf('latency', at(50)).passed).toBe(true);
  expect(ruleOf('latency', at(50.001)).passed).toBe(false);
  expect(ruleOf('latency', at(Number.NaN)).passed).toBe(false);
});
