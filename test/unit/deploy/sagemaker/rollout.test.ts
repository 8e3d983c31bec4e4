// Rollouts on the strict fake, in virtual time: what AWS is told, and what is told of AWS.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type RolloutPolicy } from '../../../../src/contract/index.js';
import type { DeploymentRequest } from '../../../../src/deploy/index.js';
import { openSageMakerFixture, type SageMakerFixture } from './sagemaker-fixture.js';

let fixture: SageMakerFixture;
beforeEach(async () => {
  fixture = await openSageMakerFixture();
});
afterEach(() => fixture.close());

const ENDPOINT = { EndpointName: 'churn-model-prod' };
const CANARY: RolloutPolicy = {
  ...DEFAULT_POLICY.rollout,
  strategy: 'canary',
  stepPercent: 50,
  stepSeconds: 300,
  bakeSeconds: 600,
  alarms: { errorRate: 0.1, latencyP95Ms: 200, minRequests: 5, names: [] },
};
const POLICY: Partial<DeploymentRequest> = {
  rollout: CANARY,
  sagemaker: { instanceCount: 2 },
};

const describeEndpoint = async () =>
  (await fixture.fake.actAsOther('DescribeEndpoint', ENDPOINT)) as Record<string, unknown>;
const invoke = async (): Promise<unknown> => (await fixture.ask()).prediction;
/** Deploys while ten requests come every time the deployer looks at the endpoint. */
const deployUnderLoad = async (request: DeploymentRequest) => {
  const clock = {
    now: () => fixture.fake.clock.now(),
    sleep: async (ms: number, signal: AbortSignal) => {
      await Promise.all(Array.from({ length: 10 }, () => invoke().catch(() => undefined)));
      return fixture.fake.clock.sleep(ms, signal);
    },
  };
  return fixture.deploy(request, fixture.another({ clock }));
};

describe('a rollout on SageMaker', () => {
  it('tells SageMaker of canary, baking and the alarms that it made', async () => {
    await fixture.deploy(await fixture.request('blue', POLICY));

    const view = await fixture.deploy(await fixture.request('green', POLICY));

    const { EndpointConfigName, LastDeploymentConfig } = await describeEndpoint();
    expect(view.status).toBe('promoted');
    expect(LastDeploymentConfig).toMatchObject({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY' } },
      AutoRollbackConfiguration: {
        Alarms: [
          { AlarmName: `${String(EndpointConfigName)}-errors` },
          { AlarmName: `${String(EndpointConfigName)}-latency` },
        ],
      },
    });
    expect(await invoke()).toBe('green');
  });

  it('is rolled back when an alarm rings in baking, with the alarm in the reason', async () => {
    await fixture.deploy(await fixture.request('blue', POLICY));
    const green = await fixture.request('green', POLICY);
    fixture.models.answer(green.modelDigest, () => ({ status: 500 }));

    const view = await deployUnderLoad(green);

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toMatch(/alarm "churn-model-prod-[0-9a-f]+-errors"/);
    expect(fixture.states).toContain('endpoint RollingBack');
    expect(await invoke()).toBe('blue');
  });

  it('is rolled back when the new model is too slow', async () => {
    await fixture.deploy(await fixture.request('blue', POLICY));
    const green = await fixture.request('green', POLICY);
    fixture.models.answer(green.modelDigest, () => ({ prediction: 'green', latencyMs: 900 }));

    const view = await deployUnderLoad(green);

    expect(view).toMatchObject({ status: 'rolled_back' });
    expect(view.reason).toContain('-latency');
  });

  it('goes through under load when the new model is good', async () => {
    await fixture.deploy(await fixture.request('blue', POLICY));

    const view = await deployUnderLoad(await fixture.request('green', POLICY));

    expect(view.status).toBe('promoted');
  });

  it('promotes the next good model after one that was rolled back', async () => {
    await fixture.deploy(await fixture.request('blue', POLICY));
    const green = await fixture.request('green', POLICY);
    fixture.models.answer(green.modelDigest, () => ({ status: 500 }));
    await deployUnderLoad(green);

    const view = await deployUnderLoad(await fixture.request('red', POLICY));

    expect(view.status).toBe('promoted');
    expect(await invoke()).toBe('red');
  });

  it('watches an alarm that is only named, and refuses one that does not exist', async () => {
    const alarms = { minRequests: 20, names: ['ours'] };
    const named = { ...POLICY, rollout: { ...CANARY, alarms } };
    await fixture.deploy(await fixture.request('blue'));
    const green = await fixture.request('green', named);

    await expect(fixture.deploy(green)).rejects.toMatchObject({ code: 'E_AWS_CONFIG' });
    await fixture.fake.actAsOther('PutMetricAlarm', {
      ...{ AlarmName: 'ours', Namespace: 'Ours', MetricName: 'Sales', Statistic: 'Sum' },
      ...{ Period: 60, EvaluationPeriods: 1, Threshold: 1 },
      ComparisonOperator: 'LessThanThreshold',
    });
    const view = await fixture.deploy(green, trippingOnUpdate('ours'));

    expect(view).toMatchObject({ status: 'rolled_back' });
    expect(view.reason).toContain('ours: sales are down');
  });

  it('is not begun while a named alarm rings', async () => {
    const alarms = { minRequests: 20, names: ['ours'] };
    await fixture.fake.actAsOther('PutMetricAlarm', {
      ...{ AlarmName: 'ours', Namespace: 'Ours', MetricName: 'Sales', Statistic: 'Sum' },
      ...{ Period: 60, EvaluationPeriods: 1, Threshold: 1 },
      ComparisonOperator: 'LessThanThreshold',
    });
    await fixture.fake.actAsOther('SetAlarmState', RINGING);
    const green = await fixture.request('green', { ...POLICY, rollout: { ...CANARY, alarms } });

    await expect(fixture.deploy(green)).rejects.toThrow(/in ALARM before anything has changed/);
    expect(fixture.fake.ledger.effects).not.toContain('CreateEndpoint');
  });
});

const RINGING = { AlarmName: 'ours', StateValue: 'ALARM', StateReason: 'sales are down' };

describe('a deployment that cannot lie', () => {
  it('puts the earlier model back when the new one predicts otherwise than it was recorded (Z5)', async () => {
    await fixture.deploy(await fixture.request('blue'));
    const green = await fixture.request('green');
    fixture.models.answer(green.modelDigest, () => ({ prediction: 'something else' }));

    const view = await fixture.deploy(green);

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toContain('predicted "something else" where training recorded "green"');
    expect(await invoke()).toBe('blue');
  });

  it('says so again when it is asked again, and changes nothing', async () => {
    await fixture.deploy(await fixture.request('blue'));
    const green = await fixture.request('green');
    fixture.models.answer(green.modelDigest, () => ({ prediction: 'something else' }));
    await fixture.deploy(green);
    const before = fixture.fake.ledger.effects;

    const again = await fixture.deploy(green);

    expect(again.status).toBe('rolled_back');
    expect(again.reason).toContain('predicted _something else_');
    expect(fixture.fake.ledger.effects).toEqual(before);
  });

  it('calls a first endpoint that predicts otherwise failed', async () => {
    const blue = await fixture.request('blue');
    fixture.models.answer(blue.modelDigest, () => ({ status: 500 }));

    const view = await fixture.deploy(blue);

    expect(view.status).toBe('failed');
    expect(view.reason).toContain('status 500');
  });

  it('waits out an endpoint that is throttled before it judges', async () => {
    fixture.fake.faults.add({ operation: 'InvokeEndpoint', kind: 'throttle', times: 3 });

    const view = await fixture.deploy(await fixture.request('blue'));

    expect(fixture.fake.faults.struck).toBe(3);
    expect(view.status).toBe('promoted');
  });
});

describe('what earlier deployments left', () => {
  const modelsLeft = async (names: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(
      names.map((ModelName) =>
        fixture.fake.actAsOther('DescribeModel', { ModelName }).then(
          () => [ModelName],
          () => [],
        ),
      ),
    );
    return found.flat();
  };
  const madeNames = (operation: string): string[] =>
    fixture.fake.ledger.entries
      .filter((entry) => entry.operation === operation && entry.effective)
      .map(({ name }) => name);

  it('goes but for the model that served before, with its alarms', async () => {
    for (const answer of ['one', 'two', 'three']) {
      await fixture.deploy(await fixture.request(answer, POLICY));
    }

    const models = madeNames('CreateModel');
    const alarms = (await fixture.fake.actAsOther('DescribeAlarms', {})) as {
      MetricAlarms: { AlarmName: string }[];
    };
    expect(await modelsLeft(models)).toEqual(models.slice(1));
    expect(alarms.MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual(
      models.slice(1).flatMap((name) => [`${name}-errors`, `${name}-latency`]),
    );
  });

  it('stays as far as the policy keeps it', async () => {
    const keep = { sagemaker: { keepEarlier: 2 } };
    for (const answer of ['one', 'two', 'three']) {
      await fixture.deploy(await fixture.request(answer, keep));
    }

    expect(fixture.fake.ledger.effects).not.toContain('DeleteModel');
  });

  it('stays when another endpoint serves it', async () => {
    await fixture.deploy(await fixture.request('one'));
    const [config] = madeNames('CreateEndpointConfig');
    await fixture.fake.actAsOther('CreateEndpoint', {
      EndpointName: 'other',
      EndpointConfigName: config,
    });
    for (const answer of ['two', 'three']) await fixture.deploy(await fixture.request(answer));

    expect(fixture.fake.ledger.effects).not.toContain('DeleteEndpointConfig');
  });

  it('fails no deployment when it cannot be removed', async () => {
    fixture.fake.faults.add({ operation: 'ListEndpointConfigs', kind: 'denied', times: 1 });

    const view = await fixture.deploy(await fixture.request('blue'));

    expect(fixture.fake.faults.struck).toBe(1);
    expect(view.status).toBe('promoted');
    expect(fixture.states.join()).toContain('what is left of earlier deployments stays');
  });
});

describe('hosting by policy', () => {
  const configNow = async () => {
    const { EndpointConfigName } = await describeEndpoint();
    return fixture.fake.actAsOther('DescribeEndpointConfig', { EndpointConfigName });
  };

  it('captures data, encrypts, sits in a VPC, and carries tags', async () => {
    const request = await fixture.request('blue', {
      sagemaker: {
        ...{ instanceType: 'ml.c5.large', instanceCount: 3, kmsKeyId: 'alias/disk' },
        dataCapture: { s3Uri: 's3://captured/churn', percent: 20, kmsKeyId: 'alias/data' },
        vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
        tags: { team: 'growth' },
      },
    });

    await fixture.deploy(request);

    const { EndpointArn, EndpointConfigName } = await describeEndpoint();
    const model = await fixture.fake.actAsOther('DescribeModel', { ModelName: EndpointConfigName });
    const tags = await fixture.fake.actAsOther('ListTags', { ResourceArn: EndpointArn });
    expect(await configNow()).toMatchObject({
      KmsKeyId: 'alias/disk',
      DataCaptureConfig: { InitialSamplingPercentage: 20, KmsKeyId: 'alias/data' },
      ProductionVariants: [{ InstanceType: 'ml.c5.large', InitialInstanceCount: 3 }],
    });
    expect(model).toMatchObject({ VpcConfig: { Subnets: ['subnet-1'] } });
    expect(tags).toMatchObject({
      Tags: expect.arrayContaining([{ Key: 'team', Value: 'growth' }]) as unknown,
    });
  });

  it('scales the instances, once for equal policies, and no longer after a stop', async () => {
    const sagemaker = { autoscaling: { min: 1, max: 4, targetInvocationsPerInstance: 500 } };
    await fixture.deploy(await fixture.request('blue', { sagemaker }));
    await fixture.deploy(await fixture.request('green', { sagemaker }));
    const scaling = fixture.fake.ledger.effects.filter((effect) => /Scal/.test(effect));

    await fixture.deployer.stop('churn-model-prod');

    expect(scaling).toEqual(['RegisterScalableTarget', 'PutScalingPolicy']);
    expect(fixture.fake.ledger.effects).toContain('DeregisterScalableTarget');
  });

  it('gives a shadow copies of the requests, and nobody its answers', async () => {
    await fixture.deploy(await fixture.request('blue'));
    const green = await fixture.request('green', {
      sagemaker: { shadow: { samplingPercent: 50 } },
    });

    const view = await fixture.deploy(green);

    const copies: string[] = [];
    fixture.models.answer(green.modelDigest, () => {
      copies.push('copy');
      return {};
    });
    const answers = [await invoke(), await invoke(), await invoke(), await invoke()];
    expect(view.status).toBe('shadowing');
    expect(answers).toEqual(['blue', 'blue', 'blue', 'blue']);
    expect(copies).toHaveLength(2);
  });

  it('serves the first model of an endpoint, though the policy asks for a shadow', async () => {
    const blue = await fixture.request('blue', { sagemaker: { shadow: { samplingPercent: 50 } } });

    const view = await fixture.deploy(blue);

    expect(view.status).toBe('promoted');
    expect(await invoke()).toBe('blue');
  });
});

/** A deployer in whose waits the alarm is tripped, once traffic moves. */
function trippingOnUpdate(alarm: string) {
  let isTripped = false;
  return fixture.another({
    clock: {
      now: () => fixture.fake.clock.now(),
      sleep: async (ms, signal) => {
        const { EndpointStatus } = await describeEndpoint();
        if (!isTripped && EndpointStatus === 'Updating') {
          isTripped = true;
          fixture.fake.clock.advance(200_000);
          await fixture.fake.actAsOther('SetAlarmState', { ...RINGING, AlarmName: alarm });
        }
        return fixture.fake.clock.sleep(ms, signal);
      },
    },
  });
}
