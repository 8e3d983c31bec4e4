import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/contract/index.js';
import { policyOf } from '../../../src/deploy/index.js';

describe('the policy of an endpoint', () => {
  test('is the default one when no setting fits its name', () => {
    expect(policyOf([{ endpoints: ['fraud-*'], gate: { champion: 'better' } }], 'churn')).toEqual(
      DEFAULT_POLICY,
    );
  });

  test('is the first setting that fits, and the default where that says nothing', () => {
    const settings = [
      { endpoints: ['churn-*'], gate: { champion: 'better' as const } },
      { rollout: { strategy: 'canary' as const, alarms: { errorRate: 0.01 } } },
    ];

    expect(policyOf(settings, 'churn-prod')).toEqual({
      ...DEFAULT_POLICY,
      gate: { ...DEFAULT_POLICY.gate, champion: 'better' },
    });
    expect(policyOf(settings, 'fraud').rollout).toEqual({
      ...DEFAULT_POLICY.rollout,
      strategy: 'canary',
      alarms: { minRequests: 20, names: [], errorRate: 0.01 },
    });
  });

  test('has defaults of its own for approval and segments', () => {
    const segments = [{ column: 'region', atLeast: 0.7 }];

    expect(policyOf([{ gate: { segments }, approval: {} }], 'churn')).toMatchObject({
      gate: { segments: [{ column: 'region', atLeast: 0.7, minRows: 30 }] },
      approval: { timeoutHours: 168 },
    });
  });
});
