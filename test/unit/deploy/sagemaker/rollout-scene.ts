// A guarded deployment with all its parts, on the strict fake.

import { DEFAULT_POLICY } from '../../../../src/contract/index.js';
import type { DeploymentRequest } from '../../../../src/deploy/index.js';
import { openSageMakerFixture, type SageMakerFixture } from './sagemaker-fixture.js';

const SCALED = 'endpoint/churn-model-prod/variant/AllTraffic';
// Few looks at the endpoint: what is tested is what happens between them.
const POLL_MS = 600_000;
const POLICY: Partial<DeploymentRequest> = {
  rollout: {
    ...DEFAULT_POLICY.rollout,
    strategy: 'canary',
    stepSeconds: 60,
    bakeSeconds: 60,
    alarms: { errorRate: 0.1, latencyP95Ms: 200, minRequests: 5, names: [] },
  },
  sagemaker: {
    instanceCount: 2,
    autoscaling: { min: 2, max: 4, targetInvocationsPerInstance: 500 },
  },
};

/** A deployment about to happen. */
export interface Scene {
  readonly fixture: SageMakerFixture;
  readonly request: DeploymentRequest;
  deploy(signal?: AbortSignal): ReturnType<SageMakerFixture['deploy']>;
  /** Changes since the scene was set, that had an effect. */
  effects(): string[];
}

/**
 * An endpoint that serves its second model; a third is about to come, which makes the first one superfluous.
 *
 * @param third  whether it answers what was recorded; the caller closes the fixture
 */
export async function openScene(third: 'good' | 'bad' = 'good'): Promise<Scene> {
  const fixture = await openSageMakerFixture();
  const deployer = fixture.another({ pollMs: POLL_MS });
  // The first models have no scaling yet, so that the third deployment makes it.
  const unscaled = { ...POLICY, sagemaker: { instanceCount: 2 } };
  await fixture.deploy(await fixture.request('one', unscaled), deployer);
  await fixture.deploy(await fixture.request('two', unscaled), deployer);
  const request = await fixture.request('three', POLICY);
  if (third === 'bad') fixture.models.answer(request.modelDigest, () => ({ prediction: 'wrong' }));
  const before = fixture.fake.ledger.entries.length;
  return {
    fixture,
    request,
    deploy: (signal = new AbortController().signal) =>
      deployer.deploy(request, { signal, progress: () => undefined }),
    effects: () =>
      fixture.fake.ledger.entries
        .slice(before)
        .filter(({ effective }) => effective)
        .map(({ operation, name }) => `${operation} ${name}`),
  };
}

/** All that is there in the end, but for times. */
export async function stateOf({ fixture: { fake } }: Scene): Promise<unknown> {
  const ask = async (operation: string, input = {}) =>
    (await fake.actAsOther(operation, input)) as Record<string, unknown>;
  const endpoint = await ask('DescribeEndpoint', { EndpointName: 'churn-model-prod' });
  const { Tags } = await ask('ListTags', { ResourceArn: endpoint['EndpointArn'] });
  const { EndpointConfigs } = await ask('ListEndpointConfigs');
  const { MetricAlarms } = await ask('DescribeAlarms');
  const place = { ServiceNamespace: 'sagemaker', ResourceIds: [SCALED] };
  return {
    status: endpoint['EndpointStatus'],
    config: endpoint['EndpointConfigName'],
    // The time of the intent is the one thing that a delay may change.
    tags: (Tags as { Key: string }[]).filter(({ Key }) => Key !== 'anneal:intent'),
    configs: (EndpointConfigs as { EndpointConfigName: string }[])
      .map(({ EndpointConfigName }) => EndpointConfigName)
      .sort(),
    alarms: (MetricAlarms as { AlarmName: string }[]).map(({ AlarmName }) => AlarmName).sort(),
    targets: (await ask('DescribeScalableTargets', place))['ScalableTargets'],
  };
}
