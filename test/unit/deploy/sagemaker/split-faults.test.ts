// The changes that only splits make meet every misfortune in turn, and deployments into and out of a split are cut off
// between any two calls: the end is always the same, each change carried out once. What they share with every guarded
// deployment is in rollout-faults.test.ts.

import { afterEach, describe, expect, it } from 'vitest';
import { openSplitScene, type SplitPlot } from './rollout-scene.js';
import { FAULTS, StormyScenes } from './stormy-scenes.js';

const scenes = new StormyScenes(openSplitScene);
afterEach(() => scenes.close());

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
    const scene = await scenes.set(plot);

    const view = await scene.deploy();

    expect(view.status).toBe(status);
    expect(scene.effects().map((effect) => effect.split(' ')[0])).toEqual(changes);
  });

  describe.each(FAULTS)('whose change is %s', (_, fault) => {
    it.each(OWN_CHANGES)(
      '(%s) ends as ever when it is %s, after %i of them',
      async (plot, operation, spared) => {
        await scenes.expectCalmEnd(plot, { operation, spared, ...fault });
      },
    );
  });

  it.each(ENDS.map(([plot]) => plot))(
    '(%s) that is cut off between any two calls ends the same when it is begun again',
    async (plot) => {
      expect(await scenes.expectCalmEndOfCuts(plot)).toBeGreaterThan(1);
    },
    300_000,
  );
});

describe('a change of the shares alone', () => {
  it.each(FAULTS)('that is %s is made once', async (_, fault) => {
    const { fixture } = await scenes.set('promotion');
    const operation = 'UpdateEndpointWeightsAndCapacities';
    fixture.fake.faults.add({ operation, ...fault });

    const view = await fixture.deployer.split('churn-model-prod', 50);

    const effects = fixture.fake.ledger.effects.filter((effect) => effect === operation);
    expect(fixture.fake.faults.struck).toBe(fault.times);
    expect(view.percent).toBe(50);
    expect(effects).toHaveLength(1);
  });

  it('that is cut off by the end of its process is found by the next one', async () => {
    const { fixture } = await scenes.set('promotion');
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
