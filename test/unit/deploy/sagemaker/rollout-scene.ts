// A guarded deployment with all its parts, on the strict fake.

import { DEFAULT_POLICY } from '../../../../src/contract/index.js';
import type { Deployer, DeploymentRequest } from '../../../../src/deploy/index.js';
import { openSageMakerFixture, type SageMakerFixture } from './sagemaker-fixture.js';

const SCALED = ['AllTraffic', 'Candidate'].map(
  (variant) => `endpoint/churn-model-prod/variant/${variant}`,
);
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
  return sceneOf(fixture, request, deployer);
}

/** What an endpoint with a scaled live model goes through, of that and a candidate. */
export type SplitPlot =
  /** The candidate comes beside it, or answers otherwise than it did when it was trained. */
  | 'split'
  | 'bad split'
  /** The candidate of a split is promoted, or answers otherwise once it is. */
  | 'promotion'
  | 'bad promotion'
  /** The shares of the split were changed by somebody else; the same deployment brings the policy's back. */
  | 'other shares';

/** A deployment into a split, or out of one, about to happen; the caller closes the fixture. */
export async function openSplitScene(plot: SplitPlot): Promise<Scene> {
  const fixture = await openSageMakerFixture();
  const deployer = fixture.another({ pollMs: POLL_MS });
  const rollout = { ...POLICY.rollout!, strategy: 'all_at_once' } as const;
  const whole = { rollout, sagemaker: POLICY.sagemaker };
  const split = { rollout, sagemaker: { ...POLICY.sagemaker, split: { percent: 20 } } };
  await fixture.deploy(await fixture.request('one', whole), deployer);
  const beside = await fixture.request('two', split);
  if (plot === 'split' || plot === 'bad split') {
    if (plot === 'bad split') spoil(fixture, beside);
    return sceneOf(fixture, beside, deployer);
  }
  await fixture.deploy(beside, deployer);
  if (plot === 'other shares') {
    await changeShares(fixture);
    return sceneOf(fixture, beside, deployer);
  }
  const request = await fixture.request('two', whole);
  if (plot === 'bad promotion') spoil(fixture, request);
  return sceneOf(fixture, request, deployer);
}

function spoil({ models }: SageMakerFixture, { modelDigest }: DeploymentRequest): void {
  models.answer(modelDigest, () => ({ prediction: 'wrong' }));
}

async function changeShares({ fake }: SageMakerFixture): Promise<void> {
  await fake.actAsOther('UpdateEndpointWeightsAndCapacities', {
    EndpointName: 'churn-model-prod',
    DesiredWeightsAndCapacities: [{ VariantName: 'Candidate', DesiredWeight: 80 }],
  });
  fake.clock.advance(60_000);
}

function sceneOf(fixture: SageMakerFixture, request: DeploymentRequest, deployer: Deployer): Scene {
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
  const place = { ServiceNamespace: 'sagemaker', ResourceIds: SCALED };
  return {
    status: endpoint['EndpointStatus'],
    config: endpoint['EndpointConfigName'],
    variants: endpoint['ProductionVariants'],
    // The time of the intent is the one thing that a delay may change.
    tags: (Tags as { Key: string }[]).filter(({ Key }) => Key !== 'anneal:intent'),
    configs: (EndpointConfigs as { EndpointConfigName: string }[])
      .map(({ EndpointConfigName }) => EndpointConfigName)
      .sort(),
    alarms: (MetricAlarms as { AlarmName: string }[]).map(({ AlarmName }) => AlarmName).sort(),
    targets: (await ask('DescribeScalableTargets', place))['ScalableTargets'],
  };
}
