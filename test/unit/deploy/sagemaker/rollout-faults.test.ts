// Every change of a guarded deployment, in turn, meets every misfortune; and the deployment is cut off between every two
// calls. The end is always the same: the same state, each change carried out once.

import { afterEach, describe, expect, it } from 'vitest';
import { openScene } from './rollout-scene.js';
import { FAULTS, StormyScenes } from './stormy-scenes.js';

const scenes = new StormyScenes<'good' | 'bad'>(openScene);
afterEach(() => scenes.close());

// In the order in which a third deployment makes them.
const CHANGES = [
  ['CreateModel', 0],
  ['CreateEndpointConfig', 0],
  ['PutMetricAlarm', 0],
  ['PutMetricAlarm', 1],
  ['AddTags', 0],
  ['UpdateEndpoint', 0],
  ['AddTags', 1],
  ['RegisterScalableTarget', 0],
  ['PutScalingPolicy', 0],
  ['DeleteAlarms', 0],
  ['DeleteModel', 0],
  ['DeleteEndpointConfig', 0],
] as const;
// What follows a verdict against the model.
const WAY_BACK = [
  ['AddTags', 1],
  ['UpdateEndpoint', 1],
] as const;

describe('a guarded deployment', () => {
  it('makes these changes, in this order, each once', async () => {
    const scene = await scenes.set('good');

    const view = await scene.deploy();

    const operations = scene.effects().map((effect) => effect.split(' ')[0]);
    expect(view.status).toBe('promoted');
    expect(operations).toEqual(CHANGES.map(([operation]) => operation));
  });

  describe.each(FAULTS)('whose change is %s', (_, fault) => {
    it.each(CHANGES)('ends as ever when it is %s, after %i of them', async (operation, spared) => {
      const status = await scenes.expectCalmEnd('good', { operation, spared, ...fault });

      expect(status).toBe('promoted');
    });

    it.each(WAY_BACK)(
      'goes back as ever when it is %s, after %i of them',
      async (operation, spared) => {
        const status = await scenes.expectCalmEnd('bad', { operation, spared, ...fault });

        expect(status).toBe('rolled_back');
      },
    );
  });
});

describe('a guarded deployment that is cut off', () => {
  it.each(['good', 'bad'] as const)(
    'between any two calls ends the same when it is begun again, with a %s model',
    async (third) => {
      const cuts = await scenes.expectCalmEndOfCuts(third);

      expect(cuts).toBeGreaterThanOrEqual(third === 'good' ? CHANGES.length : 8);
    },
    300_000,
  );
});
