// Deployments that meet a misfortune, or are cut off, against the same ones in calm: the end is always the same.

import { expect } from 'vitest';
import type { Fault } from '../../../fakes/sagemaker/index.js';
import { stateOf, type Scene } from './rollout-scene.js';
import type { SageMakerFixture } from './sagemaker-fixture.js';

/** What may happen to a call, with its words. */
export const FAULTS: readonly [string, Omit<Fault, 'operation'>][] = [
  ['applied, its answer lost', { kind: 'drop', applied: true, times: 1 }],
  ['throttled five times', { kind: 'throttle', times: 5 }],
  ['answered with 500 twice', { kind: 'error', times: 2 }],
];

interface CalmEnd {
  /** Numbers of calls after which a cut leaves another state: reading changes nothing. */
  readonly cuts: readonly number[];
  readonly status: string;
  readonly effects: readonly string[];
  readonly state: unknown;
}

export class StormyScenes<Plot extends string> {
  readonly #open: (plot: Plot) => Promise<Scene>;
  readonly #fixtures: SageMakerFixture[] = [];
  readonly #ends = new Map<Plot, Promise<CalmEnd>>();

  constructor(open: (plot: Plot) => Promise<Scene>) {
    this.#open = open;
  }

  /** A deployment about to happen; `close` ends it. */
  async set(plot: Plot): Promise<Scene> {
    const scene = await this.#open(plot);
    this.#fixtures.push(scene.fixture);
    return scene;
  }

  async close(): Promise<void> {
    for (const fixture of this.#fixtures.splice(0)) await fixture.close();
  }

  /** Deploys with a fault in the way, and expects the calm end. @returns the deployment's status */
  async expectCalmEnd(plot: Plot, fault: Fault): Promise<string> {
    const calm = await this.#calmEnd(plot);
    const stormy = await this.set(plot);
    stormy.fixture.fake.faults.add(fault);

    const view = await stormy.deploy();

    expect(stormy.fixture.fake.faults.struck).toBe(fault.times);
    expect(view.status).toBe(calm.status);
    expect(stormy.effects()).toEqual(calm.effects);
    expect(await stateOf(stormy)).toEqual(calm.state);
    return view.status;
  }

  /** Cuts deployments off between any two calls, begins them again, and expects the calm end. @returns how many */
  async expectCalmEndOfCuts(plot: Plot): Promise<number> {
    const calm = await this.#calmEnd(plot);
    for (const answered of calm.cuts) {
      const scene = await this.set(plot);
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
      await this.close();
    }
    return calm.cuts.length;
  }

  /** How a deployment ends that meets no misfortune; reached once. */
  #calmEnd(plot: Plot): Promise<CalmEnd> {
    const end = this.#ends.get(plot) ?? this.#reachCalmEnd(plot);
    this.#ends.set(plot, end);
    return end;
  }

  async #reachCalmEnd(plot: Plot): Promise<CalmEnd> {
    const scene = await this.set(plot);
    const before = scene.fixture.fake.calls.length;
    const { status } = await scene.deploy();
    const calls = scene.fixture.fake.calls.slice(before);
    const cuts = calls.flatMap((operation, index) =>
      /^(Describe|List|Invoke)/.test(operation) || index + 1 === calls.length ? [] : [index + 1],
    );
    return { cuts: [0, ...cuts], status, effects: scene.effects(), state: await stateOf(scene) };
  }
}
