import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DEFAULT_POLICY,
  LET_GO,
  type DeploymentView,
  type RolloutPolicy,
} from '../../../../src/contract/index.js';
import type { DeploymentRequest, RolloutState } from '../../../../src/deploy/index.js';
import { askStatus } from '../../../../src/deploy/local/control-client.js';
import { endpointFolder } from '../../../../src/deploy/local/endpoint-folder.js';
import type { EndpointRecord } from '../../../../src/deploy/local/endpoint-record.js';
import { findStrayProcesses } from '../../../../src/deploy/local/stray-processes.js';
import type { StandInModel } from '../../../fakes/serving/model.js';
import { openLocalFixture, patient, predict, until, type LocalFixture } from './local-fixture.js';

const LONG_S = 600;
const policy = (changes: Partial<RolloutPolicy>): RolloutPolicy => ({
  ...DEFAULT_POLICY.rollout,
  strategy: 'canary',
  stepPercent: 50,
  stepSeconds: LONG_S,
  bakeSeconds: LONG_S,
  ...changes,
});

let fixture: LocalFixture;
let url: string;
let load: Load | undefined;
beforeEach(async () => {
  // Apart from the ports of other files: a killed supervisor's port must not be taken meanwhile.
  fixture = await openLocalFixture({ portRange: { first: 29000, last: 30999 } });
  const blue = await fixture.deployer.deploy(await fixture.request({ answer: 'blue' }), patient());
  url = blue.url!;
});
afterEach(async () => {
  await load?.stop();
  load = undefined;
  await fixture.close();
});

const churn = () => endpointFolder(join(fixture.folder, 'churn'));
const servingPids = (): Promise<number[]> => findStrayProcesses(churn().variants);
const rollout = async (): Promise<RolloutState | undefined> =>
  (await fixture.deployer.list())[0]?.rollout;
const record = async (): Promise<EndpointRecord> =>
  JSON.parse(await readFile(churn().record, 'utf8')) as EndpointRecord;

interface Answer {
  readonly status: number;
  readonly prediction: unknown;
}

/** Callers that ask without a pause until they are told to stop. */
interface Load {
  readonly answers: Answer[];
  readonly stop: () => Promise<void>;
}

function startLoad(): Load {
  let isOn = true;
  const answers: Answer[] = [];
  const callers = Array.from({ length: 4 }, async () => {
    while (isOn) answers.push(await predict(url));
  });
  const stop = async (): Promise<void> => {
    isOn = false;
    await Promise.all(callers);
  };
  load = { answers, stop };
  return load;
}

interface Begun {
  readonly request: DeploymentRequest;
  readonly view: Promise<DeploymentView>;
  readonly states: readonly string[];
  readonly abort: (reason: unknown) => void;
}

/** Begins a deployment and waits until its rollout has begun. */
async function begin(model: StandInModel, changes: Partial<RolloutPolicy> = {}): Promise<Begun> {
  const request = await fixture.request(model, { rollout: policy(changes) });
  const states: string[] = [];
  const controller = new AbortController();
  const view = fixture.deployer.deploy(request, {
    signal: controller.signal,
    progress: (state) => states.push(state),
  });
  view.catch(() => undefined);
  await until(async () => (await rollout()) !== undefined);
  return { request, view, states, abort: (reason) => controller.abort(reason) };
}

async function expectBlueAlone(): Promise<void> {
  const answers = await Promise.all(Array.from({ length: 20 }, () => predict(url)));

  expect(new Set(answers.map(({ prediction }) => prediction))).toEqual(new Set(['blue']));
  expect(await servingPids()).toHaveLength(1);
  expect((await record()).rollout).toBeUndefined();
}

describe('a rollout of the local deployer', () => {
  it('goes through its steps to the new model, and no request is lost on the way', async () => {
    const { answers, stop } = startLoad();
    await until(() => answers.length > 20);

    const { view, states } = await begin(
      { answer: 'green' },
      { strategy: 'linear', stepPercent: 40, stepSeconds: 0.5, bakeSeconds: 0.5 },
    );
    const promoted = await view;
    await stop();

    expect(promoted).toMatchObject({ status: 'promoted', url });
    expect(states).toEqual([
      'copying the model',
      'starting the model',
      'asking for a prediction',
      'step 1 of 2: 40 % of requests to the new model',
      'step 2 of 2: 80 % of requests to the new model',
      'baking: 100 % of requests to the new model',
      'switching',
      'retiring the earlier model',
    ]);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await predict(url)).prediction).toBe('green');
    expect(await servingPids()).toHaveLength(1);
  });

  it('gives the canary its share of requests, and shows where it stands', async () => {
    const { abort } = await begin(
      { answer: 'green' },
      { stepPercent: 25, alarms: { errorRate: 0.05, minRequests: 30, names: [] } },
    );

    const answers: Answer[] = [];
    for (let index = 0; index < 400; index += 1) answers.push(await predict(url));

    const green = answers.filter(({ prediction }) => prediction === 'green').length;
    // Binomial with n = 400, p = 0.25: mean 100, standard deviation 8.7; six of them either way.
    expect(green).toBeGreaterThan(48);
    expect(green).toBeLessThan(152);
    expect(await rollout()).toMatchObject({
      strategy: 'canary',
      phase: 'the canary step',
      step: 1,
      steps: 2,
      percent: 25,
      requests: green,
      failed: 0,
      alarms: [{ alarm: 'errorRate', limit: 0.05, value: 0, state: 'ok' }],
    });
    const stats = (await (await fetch(`${url}/stats`)).json()) as { variants: object[] };
    expect(stats.variants).toMatchObject([
      { percent: 75, requests: 400 - green, failed: 0, statuses: { '200': 400 - green } },
      { percent: 25, requests: green, latencyMs: { p95: expect.any(Number) as number } },
    ]);
    abort(new Error('seen enough'));
  });

  it('goes back to the earlier model when too many requests fail, and says the numbers', async () => {
    const { answers, stop } = startLoad();
    const { view } = await begin(
      { answer: 'green', status: 500 },
      { alarms: { errorRate: 0.05, minRequests: 10, names: [] } },
    );

    const ended = await view;
    await stop();

    expect(ended.status).toBe('rolled_back');
    expect(ended.reason).toMatch(/error rate 1 > 0\.05 over \d+ requests in the canary step$/);
    expect(answers.filter(({ status }) => status !== 200 && status !== 500)).toEqual([]);
    await expectBlueAlone();
    expect(await fixture.deployer.list()).toMatchObject([
      { lastRollback: { reason: ended.reason } },
    ]);
  });

  it('goes back when the new model is too slow, with the earlier one still warm in baking', async () => {
    const { answers, stop } = startLoad();
    const [blue] = await servingPids();
    const { view } = await begin(
      { answer: 'green', delay_ms: 120 },
      { stepSeconds: 0, alarms: { latencyP95Ms: 100, minRequests: 10, names: [] } },
    );

    const ended = await view;
    await stop();

    expect(ended.reason).toMatch(/latency p95 \d+ ms > 100 ms over \d+ requests in baking$/);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    await expectBlueAlone();
    expect(await servingPids()).toEqual([blue]);
  });

  it('answers a repeated request for a rolled back deployment without another try (D2)', async () => {
    startLoad();
    const { view, request } = await begin(
      { answer: 'green', status: 500 },
      { alarms: { errorRate: 0.05, minRequests: 10, names: [] } },
    );
    const first = await view;

    const again = await fixture.deployer.deploy(request, patient());

    expect(again).toEqual(first);
  });

  it('puts the earlier model back when the new one dies, whose requests go to the other (N5)', async () => {
    const { view } = await begin({ answer: 'green' });
    const lost = await endGreen();

    const ended = await view;

    expect(lost.status).toBe(502);
    expect(ended).toMatchObject({ status: 'rolled_back' });
    expect(ended.reason).toContain('its process ended in the canary step');
    await expectBlueAlone();
  });

  it('is given up when it is canceled, also in baking', async () => {
    const { view, abort } = await begin({ answer: 'green' }, { stepSeconds: 0 });
    await until(async () => (await rollout())?.phase === 'baking');

    abort(new Error('run canceled'));

    await expect(view).rejects.toThrow('run canceled');
    await expectBlueAlone();
  });

  it('begins anew, from the earlier model alone, when the supervisor is killed in the middle (B7)', async () => {
    const [pid, before] = [(await askStatus(churn()))!.pid, await record()];
    const { view, states } = await begin({ answer: 'green' }, { stepSeconds: 2, bakeSeconds: 0 });
    const during = await record();

    process.kill(pid, 'SIGKILL');
    const promoted = await view;

    expect(during).toMatchObject({ current: before.current, rollout: { percent: 50, step: 1 } });
    expect(promoted.status).toBe('promoted');
    expect(states.filter((state) => state.startsWith('the canary step'))).toHaveLength(2);
    expect((await predict(url)).prediction).toBe('green');
    expect(await servingPids()).toHaveLength(1);
  });

  it('leaves the earlier model alone when its supervisor is killed and nobody asks again (S6)', async () => {
    const { abort } = await begin({ answer: 'green' });
    abort(LET_GO);
    process.kill((await askStatus(churn()))!.pid, 'SIGKILL');
    await until(async () => (await askStatus(churn())) === undefined);

    await fixture.deployer.start('churn');

    await until(async () => (await predict(url)).status === 200);
    await expectBlueAlone();
  });

  it('goes on when its worker lets go, and the same request finds it again (S7)', async () => {
    const { view, abort, request } = await begin(
      { answer: 'green' },
      { stepSeconds: 2, bakeSeconds: 0 },
    );
    const startedAt = (await rollout())!.startedAt;

    abort(LET_GO);
    await expect(view).rejects.toBe(LET_GO);
    const afterwards = await rollout();
    const promoted = await fixture.deployer.deploy(request, patient());

    expect(afterwards?.startedAt).toBe(startedAt);
    expect(promoted.status).toBe('promoted');
  });

  it('is ended by anneal endpoints rollback', async () => {
    const { view } = await begin({ answer: 'green' });

    const serving = await fixture.deployer.rollback('churn');

    expect(serving).toMatchObject({ status: 'promoted', url });
    expect((await view).reason).toContain('an operator ended the rollout in the canary step');
    await expectBlueAlone();
  });

  it('is left out for the first model: there is nothing to go back to', async () => {
    const first = await fixture.request(
      { answer: 'first' },
      { endpointName: 'other', rollout: policy({}) },
    );

    const view = await fixture.deployer.deploy(first, patient());

    expect(view.status).toBe('promoted');
  });
});

/** Asks until green gets the request, and ends on it. */
async function endGreen(): Promise<Answer> {
  for (;;) {
    const asked = await predict(url, { die_if: 'green' });
    if (asked.prediction !== 'blue') return asked;
  }
}
