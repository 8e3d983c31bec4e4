// Every change of a guarded deployment, in turn, meets every misfortune; and the deployment is cut off between every two
// calls. The end is always the same: the same state, each change carried out once.

import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../fakes/sagemaker/index.js';
import { openScene, stateOf, type Scene } from './rollout-scene.js';
import type { SageMakerFixture } from './sagemaker-fixture.js';

const fixtures: SageMakerFixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});

async function setScene(third: 'good' | 'bad' = 'good'): Promise<Scene> {
  const scene = await openScene(third);
  fixtures.push(scene.fixture);
  return scene;
}

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
const FAULTS: readonly [string, Omit<Fault, 'operation'>][] = [
  ['applied, its answer lost', { kind: 'drop', applied: true, times: 1 }],
  ['throttled five times', { kind: 'throttle', times: 5 }],
  ['answered with 500 twice', { kind: 'error', times: 2 }],
];

describe('a guarded deployment', () => {
  it('makes these changes, in this order, each once', async () => {
    const scene = await setScene();

    const view = await scene.deploy();

    const operations = scene.effects().map((effect) => effect.split(' ')[0]);
    expect(view.status).toBe('promoted');
    expect(operations).toEqual(CHANGES.map(([operation]) => operation));
  });

  describe.each(FAULTS)('whose change is %s', (_, fault) => {
    it.each(CHANGES)('ends as ever when it is %s, after %i of them', async (operation, spared) => {
      const calm = await calmEnd('good');
      const stormy = await setScene();
      stormy.fixture.fake.faults.add({ operation, spared, ...fault });

      const view = await stormy.deploy();

      expect(stormy.fixture.fake.faults.struck).toBe(fault.times);
      expect(view.status).toBe('promoted');
      expect(stormy.effects()).toEqual(calm.effects);
      expect(await stateOf(stormy)).toEqual(calm.state);
    });

    it.each(WAY_BACK)(
      'goes back as ever when it is %s, after %i of them',
      async (operation, spared) => {
        const [calm, stormy] = [await setScene('bad'), await setScene('bad')];
        await calm.deploy();
        stormy.fixture.fake.faults.add({ operation, spared, ...fault });

        const view = await stormy.deploy();

        expect(stormy.fixture.fake.faults.struck).toBe(fault.times);
        expect(view.status).toBe('rolled_back');
        expect(stormy.effects()).toEqual(calm.effects());
        expect(await stateOf(stormy)).toEqual(await stateOf(calm));
      },
    );
  });
});

describe('a guarded deployment that is cut off', () => {
  it.each(['good', 'bad'] as const)(
    'between any two calls ends the same when it is begun again, with a %s model',
    async (third) => {
      const calm = await calmEnd(third);

      for (const answered of calm.cuts) {
        const scene = await setScene(third);
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
        await scene.fixture.close();
        fixtures.splice(fixtures.indexOf(scene.fixture), 1);
      }
      expect(calm.cuts.length).toBeGreaterThanOrEqual(third === 'good' ? CHANGES.length : 8);
    },
    300_000,
  );
});

interface CalmEnd {
  /** Numbers of calls after which a cut leaves another state: reading changes nothing. */
  readonly cuts: readonly number[];
  readonly status: string;
  readonly effects: readonly string[];
  readonly state: unknown;
}

const ends = new Map<string, Promise<CalmEnd>>();

/** How a deployment ends that meets no misfortune. */
function calmEnd(third: 'good' | 'bad'): Promise<CalmEnd> {
  const end = ends.get(third) ?? reachCalmEnd(third);
  ends.set(third, end);
  return end;
}

async function reachCalmEnd(third: 'good' | 'bad'): Promise<CalmEnd> {
  const scene = await setScene(third);
  const before = scene.fixture.fake.calls.length;
  const { status } = await scene.deploy();
  const calls = scene.fixture.fake.calls.slice(before);
  const cuts = calls.flatMap((operation, index) =>
    /^(Describe|List|Invoke)/.test(operation) || index + 1 === calls.length ? [] : [index + 1],
  );
  return { cuts: [0, ...cuts], status, effects: scene.effects(), state: await stateOf(scene) };
}
