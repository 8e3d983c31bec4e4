import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type RolloutPolicy } from '../../../../src/contract/index.js';
import { alarmsOf } from '../../../../src/deploy/sagemaker/rollout-alarms.js';
import { deploymentConfigOf } from '../../../../src/deploy/sagemaker/rollout-config.js';
import {
  assertPolicy,
  type CheckedPolicy,
} from '../../../../src/deploy/sagemaker/rollout-rules.js';
import { IMAGE, ROLE } from './sagemaker-fixture.js';

const SETTINGS = { region: 'eu-central-1', roleArn: ROLE, image: IMAGE };
const rollout = (changes: Partial<RolloutPolicy>): RolloutPolicy => ({
  ...DEFAULT_POLICY.rollout,
  alarms: { minRequests: 20, names: ['ours'] },
  ...changes,
});
const WATCHED = { endpointName: 'churn', configName: 'churn-abc', variant: 'Candidate' };
const NO_ALARM = { minRequests: 20, names: [] };
const TWO = { instanceCount: 2 };
const SERVERLESS = { serverless: { memorySizeMb: 2048, maxConcurrency: 5 } };

describe('a policy that SageMaker cannot carry out', () => {
  it.each<[string, CheckedPolicy, RegExp]>([
    [
      'a canary without an alarm (P1)',
      { rollout: rollout({ strategy: 'canary', alarms: NO_ALARM }), sagemaker: TWO },
      /never rolls back/,
    ],
    [
      'baking without an alarm (P1)',
      { rollout: rollout({ bakeSeconds: 60, alarms: NO_ALARM }) },
      /never rolls back/,
    ],
    [
      'a wait of more than an hour (P2)',
      { rollout: rollout({ bakeSeconds: 3601 }) },
      /cannot wait 3601 s/,
    ],
    [
      'a wait of half a second (P2)',
      { rollout: rollout({ strategy: 'canary', stepSeconds: 0.5 }), sagemaker: TWO },
      /cannot wait 0.5 s/,
    ],
    [
      'waits of nine hours together (P2)',
      { rollout: rollout({ strategy: 'linear', stepSeconds: 3600 }), sagemaker: TWO },
      /cannot wait 32400 s/,
    ],
    [
      'a canary of one instance (P3)',
      { rollout: rollout({ strategy: 'canary' }) },
      /half of the instances/,
    ],
    [
      'a linear step of 5 % (P3)',
      { rollout: rollout({ strategy: 'linear', stepPercent: 5, stepSeconds: 1 }), sagemaker: TWO },
      /too small/,
    ],
    [
      'eleven alarms',
      {
        rollout: rollout({
          bakeSeconds: 60,
          alarms: {
            minRequests: 1,
            errorRate: 0.1,
            names: Array.from({ length: 10 }, (_, index) => `a${index}`),
          },
        }),
      },
      /at most 10 alarms/,
    ],
    [
      'a canary on ml.inf1 (P5)',
      {
        rollout: rollout({ strategy: 'canary' }),
        sagemaker: { ...TWO, instanceType: 'ml.inf1.xlarge' },
      },
      /all at once/,
    ],
    [
      'serverless with a VPC (P4)',
      { sagemaker: { ...SERVERLESS, vpc: { subnets: ['s'], securityGroups: ['g'] } } },
      /no vpc/,
    ],
    [
      'serverless with data capture (P4)',
      { sagemaker: { ...SERVERLESS, dataCapture: { s3Uri: 's3://b', percent: 1 } } },
      /no dataCapture/,
    ],
    [
      'serverless with a shadow (P4)',
      { sagemaker: { ...SERVERLESS, shadow: { samplingPercent: 10 } } },
      /no shadow/,
    ],
    [
      'serverless with a split (P4)',
      { sagemaker: { ...SERVERLESS, split: { percent: 10 } } },
      /no split/,
    ],
    [
      'a split that is a shadow, too (P6)',
      { sagemaker: { split: { percent: 10 }, shadow: { samplingPercent: 10 } } },
      /cannot be a shadow/,
    ],
    [
      'a canary of a split (P6)',
      {
        rollout: rollout({ strategy: 'canary' }),
        sagemaker: { ...TWO, split: { percent: 10 } },
      },
      /no canary rollout of a split/,
    ],
    [
      'a split that bakes without an alarm (P1)',
      {
        rollout: rollout({ bakeSeconds: 60, alarms: NO_ALARM }),
        sagemaker: { split: { percent: 10 } },
      },
      /never rolls back/,
    ],
    [
      'serverless with scaled instances (P4)',
      {
        sagemaker: {
          ...SERVERLESS,
          autoscaling: { min: 1, max: 2, targetInvocationsPerInstance: 1 },
        },
      },
      /no autoscaling/,
    ],
  ])('is refused before the run: %s', (_, policy, message) => {
    const attempt = (): void => assertPolicy(policy, SETTINGS);

    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'E_AWS_CONFIG' }) as Error);
  });

  it.each<[string, CheckedPolicy]>([
    ['nothing said', {}],
    ['the default', { rollout: DEFAULT_POLICY.rollout }],
    ['a canary of two instances', { rollout: rollout({ strategy: 'canary' }), sagemaker: TWO }],
    [
      'a canary of instances that scale from two',
      {
        rollout: rollout({ strategy: 'canary' }),
        sagemaker: { autoscaling: { min: 2, max: 4, targetInvocationsPerInstance: 100 } },
      },
    ],
    [
      'a split of scaled instances that bakes',
      {
        rollout: rollout({ bakeSeconds: 60 }),
        sagemaker: {
          split: { percent: 10 },
          autoscaling: { min: 1, max: 4, targetInvocationsPerInstance: 100 },
        },
      },
    ],
    ['a serverless canary', { rollout: rollout({ strategy: 'canary' }), sagemaker: SERVERLESS }],
  ])('is no policy like: %s', (_, policy) => {
    expect(() => assertPolicy(policy, SETTINGS)).not.toThrow();
  });
});

describe('a rollout in the words of SageMaker', () => {
  it('is nothing at all when it asks for nothing', () => {
    expect(deploymentConfigOf(DEFAULT_POLICY.rollout, [])).toBeUndefined();
  });

  it('is a canary of a percentage, a wait, baking and alarms', () => {
    const policy = rollout({
      strategy: 'canary',
      stepPercent: 20,
      stepSeconds: 300,
      bakeSeconds: 600,
    });

    expect(deploymentConfigOf(policy, ['ours'])).toEqual({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'CANARY',
          CanarySize: { Type: 'CAPACITY_PERCENT', Value: 20 },
          WaitIntervalInSeconds: 300,
        },
        TerminationWaitInSeconds: 600,
        MaximumExecutionTimeoutInSeconds: 4500,
      },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'ours' }] },
    });
  });

  it('is linear steps, with time for all of them', () => {
    const policy = rollout({ strategy: 'linear', stepPercent: 30, stepSeconds: 100 });

    expect(deploymentConfigOf(policy, ['ours'])?.BlueGreenUpdatePolicy).toMatchObject({
      TrafficRoutingConfiguration: { Type: 'LINEAR', WaitIntervalInSeconds: 100 },
      MaximumExecutionTimeoutInSeconds: 3 * 100 + 3600,
    });
  });

  it('has alarms on the new configuration alone, of enough requests (L1, L2)', () => {
    const [errors, latency] = alarmsOf(WATCHED, {
      errorRate: 0.05,
      latencyP95Ms: 250,
      minRequests: 20,
      names: [],
    });

    expect(errors).toMatchObject({ AlarmName: 'churn-abc-errors', Threshold: 0.05 });
    expect(latency).toMatchObject({ AlarmName: 'churn-abc-latency', Threshold: 250_000 });
    expect(errors!.Metrics!.at(-1)).toMatchObject({
      Expression: 'IF(requests >= 20, errors / requests, 0)',
    });
    expect(errors!.Metrics![0]!.MetricStat!.Metric!.Dimensions).toContainEqual({
      Name: 'EndpointConfigName',
      Value: 'churn-abc',
    });
    expect(errors!.Metrics![0]!.MetricStat!.Metric!.Dimensions).toContainEqual({
      Name: 'VariantName',
      Value: 'Candidate',
    });
  });
});
