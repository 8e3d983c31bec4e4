// Deployments to one endpoint take turns: real server, real workflow code, the deployer a stand-in.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ASK_TURN_SIGNAL,
  deployLockId,
  DEPLOY_QUEUE_QUERY,
  type TurnRequest,
} from '../../src/contract/index.js';
import type { DeployQueue } from '../../src/interpreter/index.js';
import { DeployBench } from '../support/deploy-bench.js';
import { TEMPORAL_CLI } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';

const ADA = { by: 'ada' };
const POLICIES = { 'asked*': { timeoutHours: 24 } };

describe.skipIf(TEMPORAL_CLI === '')('deployments to one endpoint', { timeout: 120_000 }, () => {
  let bench: DeployBench;

  beforeAll(async () => {
    bench = await DeployBench.open(POLICIES);
  }, 120_000);
  afterAll(() => bench.close());

  test('take turns; of those that wait the one approved last wins, whichever started first', async () => {
    const endpoint = 'asked-1';
    const letGo = bench.hold(endpoint);
    for (const runId of ['holder', 'started-first', 'started-last']) {
      await bench.start(runId, { endpoint });
      await bench.waiting(runId);
    }
    await bench.client.approve('holder', ADA);
    await bench.reached('holder');

    await bench.client.approve('started-last', ADA);
    await queued(endpoint, 'started-last');
    await bench.client.approve('started-first', ADA);
    await queued(endpoint, 'started-first');
    letGo();

    const [winner, other] = [await end('started-first'), await end('started-last')];
    expect((await end('holder')).deployment?.status).toBe('promoted');
    expect(winner.deployment?.status).toBe('promoted');
    expect(other).toMatchObject({
      status: 'succeeded',
      deployment: {
        status: 'superseded',
        reason: 'the model of run "started-first", accepted later, goes to this endpoint instead',
      },
    });
    expect(logOf('holder', 'started-first', 'started-last')).toEqual([
      'begin holder',
      'end holder',
      'begin started-first',
      'end started-first',
    ]);
  });

  test('an approval that was given before the deployed one never replaces it', async () => {
    const endpoint = 'asked-2';
    for (const runId of ['older', 'newer']) {
      await bench.start(runId, { endpoint });
      await bench.waiting(runId);
    }
    await bench.client.pause('older');
    await bench.client.approve('older', ADA);
    await bench.client.approve('newer', ADA);
    expect((await end('newer')).deployment?.status).toBe('promoted');

    await bench.client.resume('older');

    expect((await end('older')).deployment).toMatchObject({
      status: 'superseded',
      reason: expect.stringContaining('run "newer"') as string,
    });
  });

  test('the next one goes on when the run that has the turn is terminated', async () => {
    const endpoint = 'free-1';
    const letGo = bench.hold(endpoint);
    await bench.start('terminated', { endpoint });
    await bench.reached('terminated');
    await bench.start('next', { endpoint });
    await queued(endpoint, 'next');

    await bench.temporal.workflow.getHandle('terminated').terminate('by the test');

    await bench.reached('next');
    letGo();
    expect((await end('next')).deployment?.status).toBe('promoted');
  });

  test('a run that is canceled while it waits leaves the queue', async () => {
    const endpoint = 'free-2';
    const letGo = bench.hold(endpoint);
    await bench.start('keeps', { endpoint });
    await bench.reached('keeps');
    await bench.start('leaves', { endpoint });
    await queued(endpoint, 'leaves');

    await bench.client.cancel('leaves');

    expect((await end('leaves')).status).toBe('canceled');
    await waitUntil(
      'the queue is empty',
      async () => (await queueOf(endpoint)).waiting.length === 0,
    );
    letGo();
    expect((await end('keeps')).deployment?.status).toBe('promoted');
  });

  test('turns outlive the worker', async () => {
    const endpoint = 'free-3';
    const letGo = bench.hold(endpoint);
    await bench.start('before', { endpoint });
    await bench.reached('before');
    await bench.start('after', { endpoint });
    await queued(endpoint, 'after');

    await bench.stopWorker();
    await bench.startWorker();
    letGo();

    expect((await end('before')).deployment?.status).toBe('promoted');
    expect((await end('after')).deployment?.status).toBe('promoted');
    const ended = logOf('before', 'after').filter((line) => line.startsWith('end'));
    expect(ended).toEqual(['end before', 'end after']);
  });

  test('of ten at once no two deploy together, and the one accepted last is served', async () => {
    const endpoint = 'free-4';
    const runs = Array.from({ length: 10 }, (_, index) => `crowd-${index}`);

    await Promise.all(runs.map((runId) => bench.start(runId, { endpoint })));

    const views = await Promise.all(runs.map((runId) => end(runId)));
    const log = logOf(...runs);
    const statuses = new Set(views.map(({ deployment }) => deployment?.status));
    expect([...statuses].every((status) => status === 'promoted' || status === 'superseded')).toBe(
      true,
    );
    const begun = log.filter((line) => line.startsWith('begin'));
    expect(log).toEqual(begun.flatMap((line) => [line, line.replace('begin', 'end')]));
    const { deployed, holder, waiting } = await queueOf(endpoint);
    expect([holder, waiting]).toEqual([undefined, []]);
    expect(`begin ${deployed!.runId}`).toBe(begun.at(-1));
  });

  test('slices of a loop take turns as runs do', async () => {
    await bench.start('sliced', { endpoint: 'none', loop: ['free-5', 'free-5', 'free-6'] });

    const view = await end('sliced');

    const log = logOf('sliced');
    expect(view.status).toBe('succeeded');
    const made = bench.requests.filter(({ run }) => run.runId === 'sliced');
    expect(new Set(made.map(({ endpointName }) => endpointName))).toEqual(
      new Set(['free-5', 'free-6']),
    );
    expect(log).toHaveLength(2 * made.length);
  });

  test('the queue goes on in a new history before the old one is long, and loses nobody', async () => {
    const endpoint = 'free-7';
    const letGo = bench.hold(endpoint);
    await bench.start('patient', { endpoint });
    await bench.reached('patient');
    const lock = bench.temporal.workflow.getHandle(deployLockId(endpoint));
    const first = (await lock.describe()).runId;
    const { holder } = await queueOf(endpoint);

    for (let round = 0; round < 12; round += 1) {
      const asks = Array.from({ length: 50 }, () =>
        lock.signal<[TurnRequest]>(ASK_TURN_SIGNAL, holder!),
      );
      await Promise.all(asks);
    }

    await waitUntil('it has a new history', async () => (await lock.describe()).runId !== first);
    expect((await queueOf(endpoint)).holder).toEqual(holder);
    letGo();
    expect((await end('patient')).deployment?.status).toBe('promoted');
    await waitUntil('the turn is given back', async () => {
      const { holder: last } = await queueOf(endpoint);
      return last === undefined;
    });
  }, 120_000);

  test('no queue is listed among the runs', async () => {
    const executions = await waitUntil('the server lists a queue', async () => {
      const found: string[] = [];
      for await (const { workflowId } of bench.temporal.workflow.list()) found.push(workflowId);
      return found.some((id) => id.startsWith('deploy:')) && found;
    });

    const runs = await bench.client.list({ limit: 100 });

    expect(executions.length).toBeGreaterThan(runs.length);
    expect(runs.filter(({ runId }) => runId.startsWith('deploy:'))).toEqual([]);
    expect(runs.some(({ runId }) => runId === 'patient')).toBe(true);
  });

  function end(runId: string): ReturnType<DeployBench['result']> {
    return bench.result(runId);
  }

  function logOf(...runs: readonly string[]): string[] {
    return bench.log.filter((line) => runs.includes(line.split(' ')[1]!));
  }

  function queueOf(endpoint: string): Promise<DeployQueue> {
    return bench.temporal.workflow
      .getHandle(deployLockId(endpoint))
      .query<DeployQueue>(DEPLOY_QUEUE_QUERY);
  }

  async function queued(endpoint: string, runId: string): Promise<void> {
    await waitUntil(`${runId} is in the queue`, async () => {
      const { waiting } = await queueOf(endpoint);
      return waiting.some((request) => request.runId === runId);
    });
  }
});
