// A worker that is killed with -9 in the middle of a guarded deployment to SageMaker, after each change in turn: whoever
// takes over ends it as if nothing had happened. Reads are no cuts of their own: they change nothing.

import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import type { DeploymentView } from '../../src/contract/index.js';
import { openScene, stateOf, type Scene } from '../unit/deploy/sagemaker/rollout-scene.js';
import { IMAGE, ROLE } from '../unit/deploy/sagemaker/sagemaker-fixture.js';

const CHILD = new URL('support/deploy-in-child.mjs', import.meta.url).pathname;
// Minutes of the fake for every glimpse of the machine's time: the child waits in real time.
const STEP_MS = 30_000;
const TICK_MS = 25;

const scenes: Scene[] = [];
afterEach(async () => {
  for (const { fixture } of scenes.splice(0)) await fixture.close();
});

async function openTicking(): Promise<Scene> {
  const scene = await openScene();
  scenes.push(scene);
  return scene;
}

/** Starts the deployment in a process of its own. */
function start({ fixture: { fake }, request }: Scene) {
  const order = { endpoint: fake.url, role: ROLE, image: IMAGE, request };
  const child = execa(process.execPath, [CHILD, JSON.stringify(order)], { reject: false });
  const ticking = setInterval(() => fake.clock.advance(STEP_MS), TICK_MS);
  void child.finally(() => clearInterval(ticking));
  return child;
}

async function deployed(scene: Scene): Promise<DeploymentView> {
  const { stdout, stderr, exitCode } = await start(scene);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as DeploymentView;
}

test('a worker killed with -9 after each change of a deployment leaves the same end', async () => {
  const calm = await openTicking();
  const first = calm.fixture.fake.calls.length;
  expect((await deployed(calm)).status).toBe('promoted');
  const calls = calm.fixture.fake.calls.slice(first);
  const cuts = calls.flatMap((operation, index) =>
    /^(Describe|List|Invoke)/.test(operation) || index + 1 === calls.length ? [] : [index + 1],
  );

  for (const answered of [0, ...cuts]) {
    const scene = await openTicking();
    const { faults } = scene.fixture.fake;
    const victim = start(scene);
    faults.goDarkAfter(answered, () => void victim.kill('SIGKILL'));
    const { signal } = await victim;
    faults.lightUp();

    const view = await deployed(scene);

    const after = `after ${answered} calls`;
    expect(signal, after).toBe('SIGKILL');
    expect(view.status, after).toBe('promoted');
    expect(scene.effects(), after).toEqual(calm.effects());
    expect(await stateOf(scene), after).toEqual(await stateOf(calm));
  }
  expect(cuts.length).toBeGreaterThanOrEqual(11);
}, 300_000);
