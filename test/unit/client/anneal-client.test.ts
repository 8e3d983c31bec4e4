import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnnealClient, runFailure } from '../../../src/client/index.js';
import type { RunView } from '../../../src/contract/index.js';
import { readRunRecord, writeRunRecord } from '../../../src/lineage/index.js';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { CHURN_RUN } from '../viewer/churn-run.js';
import {
  bundleWorkflow,
  startWorker,
  type Behaviour,
  type FakeWorker,
} from './support/fake-worker.js';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../../support/temporal-server.js';

if (TEMPORAL_CLI === '') {
  console.warn('SKIPPED: ANNEAL_TEST_PYTHON names no environment with the Temporal CLI');
}

describe.skipIf(TEMPORAL_CLI === '')('AnnealClient on a real server', () => {
  let folder: string;
  let database: string;
  let bundle: { code: string };
  let server: TemporalServer & { readonly port: number };
  let store: ArtifactStore;
  let worker: FakeWorker;
  let client: AnnealClient;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'anneal-client-'));
    database = path.join(folder, 'temporal.db');
    store = await openLocalStore(path.join(folder, 'store'));
    [server, bundle] = await Promise.all([startTemporal(database), bundleWorkflow()]);
    worker = await startWorker(server.address, bundle, store);
    client = await AnnealClient.connect({ address: server.address, namespace: 'default', store });
  });

  afterAll(async () => {
    await Promise.allSettled([client?.close(), worker?.stop()]);
    await server?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (behaviour: Behaviour, runId?: string): Promise<string> => {
    const started = await client.start({
      pipeline: { name: 'demo' },
      parameters: { behaviour },
      runId,
    });
    return started.runId;
  };

  /** Waits for a state that must come, however long the machine takes. */
  const until = async (runId: string, reached: (view: RunView) => boolean): Promise<RunView> => {
    for await (const view of client.watch(runId)) if (reached(view)) return view;
    throw new Error('the run ended before that');
  };

  it('starts a run and returns its final view', async () => {
    const runId = await start('succeed');

    const view = await client.result(runId);

    expect(view).toMatchObject({ runId, pipeline: 'demo', status: 'succeeded' });
    expect(view.tasks.map(({ name, status }) => [name, status])).toEqual([['train', 'succeeded']]);
    expect(await client.show(runId)).toEqual(view);
  });

  it('returns a failed run as a view that says why', async () => {
    const view = await client.result(await start('fail'));

    expect(view.status).toBe('failed');
    expect(runFailure(view)).toMatchObject({ code: 'E_DATA', exitCode: 1 });
  });

  it('returns what was refused before anything started with its own code and hint', async () => {
    const view = await client.result(await start('refuse'));

    expect(view).toMatchObject({
      status: 'failed',
      error: { code: 'E_PARAM', hint: 'Give a fraction.' },
    });
    expect(runFailure(view)).toMatchObject({ exitCode: 3 });
  });

  it('starts one run for one id, also after it has closed (A1)', async () => {
    const runId = await start('succeed', 'the-same-id');
    const whileOpen = start('succeed', runId);
    await expect(whileOpen).rejects.toMatchObject({ code: 'E_ALREADY_STARTED' });
    await client.result(runId);

    await expect(start('succeed', runId)).rejects.toMatchObject({ code: 'E_ALREADY_STARTED' });
  });

  it('cancels a run, and refuses to cancel it again', async () => {
    const runId = await start('wait');
    await until(runId, ({ tasks }) => tasks[0]?.status === 'running');

    await client.cancel(runId);
    const view = await client.result(runId);

    expect(view.status).toBe('canceled');
    await expect(client.cancel(runId)).rejects.toMatchObject({
      code: 'E_STATE',
      message: expect.stringContaining('canceled') as string,
    });
  });

  it('names the nearest run when there is none of that id', async () => {
    await start('succeed', 'known-run-1');

    await expect(client.show('known-run-2')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      details: { nearest: 'known-run-1' },
    });
    await expect(client.result('known-run-2')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('answers from the record for a run that the server has forgotten (A3)', async () => {
    await writeRunRecord(store, CHURN_RUN);

    expect(await client.show(CHURN_RUN.runId)).toEqual(CHURN_RUN);
    expect(await client.result(CHURN_RUN.runId)).toEqual(CHURN_RUN);
    await expect(start('succeed', CHURN_RUN.runId)).rejects.toMatchObject({
      code: 'E_ALREADY_STARTED',
    });
  });

  it('lists runs of the server and of the store', async () => {
    await writeRunRecord(store, CHURN_RUN);
    const runId = await start('succeed');
    await client.result(runId);

    const listed = async (): Promise<string[]> =>
      (await client.list({ limit: 100 })).map((run) => run.runId);

    await expect.poll(listed, { timeout: 10_000 }).toContain(runId);
    expect(await listed()).toContain(CHURN_RUN.runId);
  });

  it('ends a terminated run as failed, with its last tasks, and keeps that (F3)', async () => {
    const runId = await start('wait');
    await until(runId, ({ tasks }) => tasks[0]?.status === 'running');

    await terminate(server.address, runId);
    const view = await client.result(runId);

    expect(view).toMatchObject({ status: 'failed', error: { code: 'E_RUN_TERMINATED' } });
    expect(await readRunRecord(store, runId)).toEqual(view);
    expect(view.tasks[0]).toMatchObject({ name: 'train', status: 'canceled' });
  });

  it('follows a run across the death of the server', async () => {
    const runId = await start('wait');
    const troubles: (string | undefined)[] = [];
    const watching = client.result(runId, { onTrouble: (trouble) => troubles.push(trouble?.code) });
    await until(runId, ({ tasks }) => tasks[0]?.status === 'running');

    await server.kill();
    await expect.poll(() => troubles.length, { timeout: 20_000 }).toBeGreaterThan(0);
    server = await startTemporal(database, server.port);
    await expect
      .poll(() => client.cancel(runId).then(() => 'asked', String), { timeout: 30_000 })
      .toBe('asked');

    expect((await watching).status).toBe('canceled');
    expect((await readRunRecord(store, runId))?.status).toBe('canceled');
  }, 90_000);

  it('says where it looked when no server answers', async () => {
    const connecting = AnnealClient.connect({
      address: '127.0.0.1:1',
      namespace: 'default',
      store,
      connectTimeoutMs: 500,
    });

    await expect(connecting).rejects.toMatchObject({ code: 'E_SERVER', where: '127.0.0.1:1' });
  });

  it('names a namespace that does not exist', async () => {
    const connecting = AnnealClient.connect({ address: server.address, namespace: 'nope', store });

    await expect(connecting).rejects.toMatchObject({
      code: 'E_NAMESPACE',
      details: { namespace: 'nope' },
    });
  });

  it('goes on with a run whose worker was stopped, as Ctrl-C does', async () => {
    const runId = await start('wait-once');
    await until(runId, ({ tasks }) => tasks[0]?.status === 'running');

    await worker.stop();
    worker = await startWorker(server.address, bundle, store);
    const view = await client.result(runId);

    expect(view).toMatchObject({ status: 'succeeded', tasks: [{ attempts: 1 }] });
  }, 60_000);

  it('goes on with a task whose host did not come back, on any other (D2)', async () => {
    const runId = await start('lost-host');

    const view = await client.result(runId);

    expect(view).toMatchObject({ status: 'succeeded', tasks: [{ attempts: 1 }] });
  });

  it('shows E_WORKER, and watches on, when nobody works on the queue', async () => {
    await worker.stop();
    const runId = await start('succeed');

    await expect(client.show(runId)).rejects.toMatchObject({ code: 'E_WORKER' });

    const watching = client.result(runId);
    worker = await startWorker(server.address, bundle, store);
    expect((await watching).status).toBe('succeeded');
  }, 60_000);
});

async function terminate(address: string, runId: string): Promise<void> {
  const { Client, Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address });
  await new Client({ connection }).workflow.getHandle(runId).terminate('test');
  await connection.close();
}
