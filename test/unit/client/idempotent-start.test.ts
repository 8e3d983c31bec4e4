// Idempotency keys on a real server; a fake worker carries the runs out.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient, AnnealRunError } from '../../../src/client/index.js';
import { claimStart } from '../../../src/lineage/index.js';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../../support/temporal-server.js';
import { waitUntil } from '../../support/wait-until.js';
import { demo } from './support/demo-pipeline.js';
import { bundleWorkflow, startWorker, type FakeWorker } from './support/fake-worker.js';

const CHILD = fileURLToPath(new URL('./children/start-with-key.mjs', import.meta.url));
const PROCESSES = 20;
const BEHAVIOUR = { behaviour: 'succeed' } as const;

describe.skipIf(TEMPORAL_CLI === '')('an idempotency key', () => {
  let folder: string;
  let server: TemporalServer;
  let store: ArtifactStore;
  let worker: FakeWorker;
  let client: AnnealClient;
  let children: ChildProcessWithoutNullStreams[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'anneal-keys-'));
    store = await openLocalStore(path.join(folder, 'store'));
    const [started, bundle] = await Promise.all([
      startTemporal(path.join(folder, 'temporal.db')),
      bundleWorkflow(),
    ]);
    server = started;
    worker = await startWorker(server.address, bundle, store);
    client = await AnnealClient.connect({ address: server.address, namespace: 'default', store });
    await client.publish(demo);
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.allSettled([client?.close(), worker?.stop()]);
    await server?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test('repeated gives the id of the first run, also when that has ended', async () => {
    const options = { idempotencyKey: 'delivery-1' };
    const first = await client.start(demo, BEHAVIOUR, options);
    await first.result();

    const again = await client.start(demo, BEHAVIOUR, options);

    expect(again.runId).toBe(first.runId);
  });

  test('with other parameters is an error that names the run', async () => {
    const options = { idempotencyKey: 'delivery-2' };
    const { runId } = await client.start(demo, BEHAVIOUR, options);

    const changed = client.start(demo, { behaviour: 'fail' }, options);

    await expect(changed).rejects.toMatchObject({
      code: 'E_IDEMPOTENCY_KEY',
      message: expect.stringContaining(runId) as string,
    });
  });

  test('whose first caller died before the start is started by the next one (K1)', async () => {
    const key = 'delivery-3';
    await claimStart(store, { pipeline: 'demo', key, parameters: BEHAVIOUR, runId: 'left-behind' });

    const { runId } = await client.start(demo, BEHAVIOUR, { idempotencyKey: key });

    expect(runId).toBe('left-behind');
    expect(await client.result(runId)).toMatchObject({ status: 'succeeded' });
  });

  test.each([
    ['empty', { idempotencyKey: '' }, 'E_NAME'],
    ['too long', { idempotencyKey: 'x'.repeat(501) }, 'E_NAME'],
    ['beside a run id', { idempotencyKey: 'a', runId: 'b' }, 'E_USAGE'],
  ])('that is %s is refused', async (_, options, code) => {
    await expect(client.start(demo, BEHAVIOUR, options)).rejects.toMatchObject({ code });
  });

  test('a handle ends with the task that failed', async () => {
    const run = await client.start('demo', { behaviour: 'fail' });

    const failure = await run.result().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(AnnealRunError);
    expect(failure).toMatchObject({ code: 'E_DATA', task: 'train', run: { status: 'failed' } });
  });

  test('one key from 20 processes at once is one run, and all get its id', async () => {
    const known = new Set(await allIds(client));
    const args = [CHILD, server.address, path.join(folder, 'store'), 'crowd'];
    children = Array.from({ length: PROCESSES }, () => spawn(process.execPath, args));
    const outputs = children.map(collect);
    await waitUntil(
      'all are connected',
      () => outputs.every((output) => output.text.startsWith('ready\n')),
      240_000,
    );

    for (const child of children) child.stdin.write('go\n');
    await Promise.all(children.map((child) => once(child, 'exit')));

    const ids = outputs.map(({ text }) => text.split('\n')[1]);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^demo-/);
    expect(await client.result(ids[0]!)).toMatchObject({ status: 'succeeded' });
    const before = await allIds(client);
    expect(before.filter((runId) => !known.has(runId))).toEqual([ids[0]]);
  }, 300_000);
});

/** Ids of all runs: of closed ones by their records, at once. */
async function allIds(client: AnnealClient): Promise<string[]> {
  return (await client.list({ limit: 1000 })).map(({ runId }) => runId);
}

function collect(child: ChildProcessWithoutNullStreams): { text: string } {
  const output = { text: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.text += `stderr: ${chunk.toString()}`));
  return output;
}
