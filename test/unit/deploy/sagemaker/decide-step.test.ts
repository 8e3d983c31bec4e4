import { describe, expect, it } from 'vitest';
import { decideStep } from '../../../../src/deploy/sagemaker/decide-step.js';
import type { EndpointFacts } from '../../../../src/deploy/sagemaker/endpoint-facts.js';
import { encodeIntent } from '../../../../src/deploy/sagemaker/tags.js';

const WANTED = { deploymentId: 'd', configName: 'green', adopt: false, replaceFailed: true };
const INTENT = encodeIntent({ ...WANTED, earlierConfigName: 'blue', modifiedAtMs: 1000 });
const OURS = { 'anneal:endpoint': 'churn' };

const facts = (
  changes: Partial<EndpointFacts>,
  tags: Record<string, string> = OURS,
): EndpointFacts => ({
  arn: 'arn',
  status: 'InService',
  configName: 'blue',
  variants: [{ name: 'AllTraffic', weight: 1, desiredWeight: 1 }],
  modifiedAtMs: 1000,
  tags: new Map(Object.entries(tags)),
  ...changes,
});
const withIntent = (changes: Partial<EndpointFacts>) =>
  facts(changes, { ...OURS, 'anneal:intent': INTENT });

describe('decideStep', () => {
  it.each([
    ['absent', undefined, 'create'],
    ['serving another configuration', facts({}), 'update'],
    ['ours and Failed', facts({ status: 'Failed' }), 'delete'],
    ['intended to be updated, but not yet', withIntent({}), 'update'],
    ['changed since in some other way', withIntent({ modifiedAtMs: 2000 }), 'update'],
  ])('acts when the endpoint is %s', (_, endpoint, step) => {
    expect(decideStep(endpoint, WANTED)).toEqual({ step });
  });

  it.each(['Creating', 'Updating', 'RollingBack', 'SystemUpdating', 'Deleting'] as const)(
    'waits while the endpoint is %s (Z4)',
    (status) => {
      expect(decideStep(facts({ status }), WANTED).step).toBe('wait');
    },
  );

  it.each(['OutOfService', 'UpdateRollbackFailed'] as const)(
    'leaves an endpoint that is %s to its owner',
    (status) => {
      expect(decideStep(facts({ status }), WANTED)).toMatchObject({ step: 'refuse', why: 'state' });
    },
  );

  it.each(['InService', 'Failed', 'Updating', 'OutOfService'] as const)(
    'does not touch an endpoint without our tag that is %s (Z2)',
    (status) => {
      expect(decideStep(facts({ status }, {}), WANTED)).toMatchObject({
        step: 'refuse',
        why: 'owner',
      });
    },
  );

  it('calls a deployment promoted only when the wanted configuration serves (Z1)', () => {
    const promoted = decideStep(facts({ configName: 'green' }), WANTED);
    const pending = decideStep(facts({ status: 'Updating', pendingConfigName: 'green' }), WANTED);

    expect(promoted).toEqual({ step: 'settled', outcome: 'promoted' });
    expect(pending).toEqual({ step: 'wait', state: 'updating' });
  });

  it('calls an update that came back with the earlier configuration rolled back (Z1)', () => {
    const after = withIntent({ modifiedAtMs: 2000, failureReason: 'unhealthy' });

    expect(decideStep(after, WANTED)).toEqual({
      step: 'settled',
      outcome: 'rolled_back',
      reason: 'unhealthy',
    });
  });

  it('does not blame itself for an update of another deployment that failed (Z3)', () => {
    const other = facts({ modifiedAtMs: 2000, failureReason: 'unhealthy' });

    expect(decideStep(other, WANTED)).toEqual({ step: 'update' });
  });

  it('calls a deployment superseded when another configuration came after it', () => {
    const after = withIntent({ modifiedAtMs: 2000, configName: 'red' });

    expect(decideStep(after, WANTED)).toMatchObject({ outcome: 'superseded' });
  });
});
