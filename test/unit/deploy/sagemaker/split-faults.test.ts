// The changes that only splits make meet every misfortune in turn, and deployments into and out of a split are cut off
// between any two calls: the end is always the same, each change carried out once. What they share with every guarded
// deployment is in rollout-faults.test.ts.

import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../fakes/sagemaker/index.js';
import { openSplitScene, stateOf, type Scene, type SplitPlot } from './rollout-scene.js';
import type { SageMakerFixture } from './sagemaker-fixture.js';

const fixtures: SageMakerFixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});

async function setScene(plot: SplitPlot): Promise<Scene> {
  const scene = await openSplitScene(plot);
  fixtures.push(scene.fixture);
  return scene;
}

const ENDS: readonly [SplitPlot, string, readonly string[]][] = [
  [
    'split',
    'splitting',
    [
      ...['CreateModel', 'CreateEndpointConfig', 'PutMetricAlarm', 'PutMetricAlarm'],
      // The live model's answer, the intent.
      ...['AddTags', 'AddTags', 'UpdateEndpoint'],
      // The candidate's digest.
      ...['AddTags', 'RegisterScalableTarget', 'PutScalingPolicy'],
    ],
  ],
  [
    'bad split',
    'rolled_back',
    [
      ...['CreateModel', 'CreateEndpointConfig', 'PutMetricAlarm', 'PutMetricAlarm'],
      ...['AddTags', 'AddTags', 'UpdateEndpoint'],
      // The verdict.
      ...['AddTags', 'UpdateEndpoint'],
    ],
  ],
  [
    'promotion',
    'promoted',
    [
      ...['CreateModel', 'CreateEndpointConfig', 'PutMetricAlarm', 'PutMetricAlarm'],
      ...['AddTags', 'DeregisterScalableTarget', 'UpdateEndpoint', 'AddTags'],
      ...['DeleteAlarms', 'DeleteEndpointConfig'],
    ],
  ],
  [
    'bad promotion',
    'rolled_back',
    [
      ...['CreateModel', 'CreateEndpointConfig', 'PutMetricAlarm', 'PutMetricAlarm'],
      ...['AddTags', 'DeregisterScalableTarget', 'UpdateEndpoint'],
      ...['AddTags', 'UpdateEndpoint', 'RegisterScalableTarget', 'PutScalingPolicy'],
    ],
  ],
  ['other shares', 'splitting', ['UpdateEndpointWeightsAndCapacities']],
];
const FAULTS: readonly [string, Omit<Fault, 'operation'>][] = [
  ['applied, its answer lost', { kind: 'drop', applied: true, times: 1 }],
  ['throttled five times', { kind: 'throttle', times: 5 }],
  ['answered with 500 twice', { kind: 'error', times: 2 }],
];
// What no other deployment does, or not at this place.
const OWN_CHANGES: readonly [SplitPlot, string, number][] = [
  ['split', 'AddTags', 0],
  ['split', 'AddTags', 1],
  ['split', 'UpdateEndpoint', 0],
  ['split', 'AddTags', 2],
  ['bad split', 'AddTags', 2],
  ['bad split', 'UpdateEndpoint', 1],
  ['promotion', 'DeregisterScalableTarget', 0],
  ['bad promotion', 'RegisterScalableTarget', 0],
  ['other shares', 'UpdateEndpointWeightsAndCapacities', 0],
];

describe('a deployment into or out of a split', () => {
  it.each(ENDS)('(%s) ends as %s by these changes, each once', async (plot, status, changes) => {
    const scene = await setScene(plot);

    const view = await scene.deploy();

    expect(view.status).toBe(status);
    expect(scene.effects().map((effect) => effect.split(' ')[0])).toEqual(changes);
  });

  describe.each(FAULTS)('whose change is %s', (_, fault) => {
    it.each(OWN_CHANGES)(
      '(%s) ends as ever when it is %s, after %i of them',
      async (plot, operation, spared) => {
        const calm = await calmEnd(plot);
        const stormy = await setScene(plot);
        stormy.fixture.fake.faults.add({ operation, spared, ...fault });

        const view = await stormy.deploy();

        expect(stormy.fixture.fake.faults.struck).toBe(fault.times);
        expect(view.status).toBe(calm.status);
        expect(stormy.effects()).toEqual(calm.effects);
        expect(await stateOf(stormy)).toEqual(calm.state);
      },
    );
  });

  it.each(ENDS.map(([plot]) => plot))(
    '(%s) that is cut off between any two calls ends the same when it is begun again',
    async (plot) => {
      const calm = await calmEnd(plot);

      for (const answered of calm.cuts) {
        const scene = await setScene(plot);
        const { faults } = scene.fixture.fake;
        const death = new AbortController();
        faults.goDarkAfter(answered, () => death.abort(new Error('worker gone')));
        const cut = await scene.deploy(death.signal).catch((error: Error) => error);
        faults.lightUp();

        const view = await scene.deploy();

        const after = `after ${answered} calls`;
        expect(cut, after).toEqual(new Error('worker gone'));
        expect(view.status, after).toBe(calm.status);
        expect(scene.effects(), after).toEqual(calm.effects);
        expect(await stateOf(scene), after).toEqual(calm.state);
      }
      expect(calm.cuts.length).toBeGreaterThan(1);
    },
    300_000,
  );
});

describe('a change of the shares alone', () => {
  it.each(FAULTS)('that is %s is made once', async (_, fault) => {
    const { fixture } = await setScene('promotion');
    const operation = 'UpdateEndpointWeightsAndCapacities';
    fixture.fake.faults.add({ operation, ...fault });

    const view = await fixture.deployer.split('churn-model-prod', 50);

    const effects = fixture.fake.ledger.effects.filter((effect) => effect === operation);
    expect(fixture.fake.faults.struck).toBe(fault.times);
    expect(view.percent).toBe(50);
    expect(effects).toHaveLength(1);
  });

  it('that is cut off by the end of its process is found by the next one', async () => {
    const { fixture } = await setScene('promotion');
    const death = fixture.fake.faults;
    const calls = ['DescribeEndpoint', 'ListTags', 'UpdateEndpointWeightsAndCapacities'];
    death.goDarkAfter(calls.length, () => undefined);
    const impatient = fixture.another({ patienceMs: 1 });
    await expect(impatient.split('churn-model-prod', 50)).rejects.toThrow();
    death.lightUp();

    const view = await fixture.deployer.split('churn-model-prod', 50);

    const effects = fixture.fake.ledger.effects.filter((effect) => effect === calls[2]);
    expect(view).toEqual({ endpoint: 'churn-model-prod', percent: 50, earlierPercent: 50 });
    expect(effects).toHaveLength(1);
  });
});

interface CalmEnd {
  /** Numbers of calls after which a cut leaves another state: reading changes nothing. */
  readonly cuts: readonly number[];
  readonly status: string;
  readonly effects: readonly string[];
  readonly state: unknown;
}

const ends = new Map<SplitPlot, Promise<CalmEnd>>();

/** How a deployment ends that meets no misfortune. */
function calmEnd(plot: SplitPlot): Promise<CalmEnd> {
  const end = ends.get(plot) ?? reachCalmEnd(plot);
  ends.set(plot, end);
  return end;
}

async function reachCalmEnd(plot: SplitPlot): Promise<CalmEnd> {
  const scene = await setScene(plot);
  const before = scene.fixture.fake.calls.length;
  const { status } = await scene.deploy();
  const calls = scene.fixture.fake.calls.slice(before);
  const cuts = calls.flatMap((operation, index) =>
    /^(Describe|List|Invoke)/.test(operation) || index + 1 === calls.length ? [] : [index + 1],
  );
  return { cuts: [0, ...cuts], status, effects: scene.effects(), state: await stateOf(scene) };
}
