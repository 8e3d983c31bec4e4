import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../../src/config/index.js';

const read = (policies: unknown): unknown =>
  loadSettings({ ANNEAL_POLICIES: JSON.stringify(policies) }).policies;

describe('ANNEAL_POLICIES', () => {
  test('is a list of policies', () => {
    const segments = [{ column: 'region', atLeast: 0.7 }];

    expect(read([{ endpoints: ['churn-*'], gate: { segments }, approval: {} }])).toEqual([
      {
        endpoints: ['churn-*'],
        gate: { segments: [{ column: 'region', atLeast: 0.7 }] },
        approval: {},
      },
    ]);
  });

  test.each([
    ['an unknown key', [{ gates: {} }]],
    ['a limit without a number', [{ gate: { metrics: [{ metric: 'test_accuracy' }] } }]],
    ['a canary of everything', [{ rollout: { strategy: 'canary', stepPercent: 100 } }]],
    ['a split of everything', [{ sagemaker: { split: { percent: 100 } } }]],
    ['a split of a part of a percent', [{ sagemaker: { split: { percent: 0.5 } } }]],
    ['no list', {}],
  ])('refuses %s', (_, policies) => {
    expect(() => read(policies)).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });
});
