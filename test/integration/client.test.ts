// AnnealClient as a service uses it, on a real server with real workers.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient, runFailure } from '../../src/client/index.js';
import { loadSettings } from '../../src/config/index.js';
import type { PipelineReference, RunView } from '../../src/contract/index.js';
import { openService } from '../../src/devserver/index.js';
import type { ServiceLease } from '../../src/devserver/index.js';
import { readPipeline, writePipeline } from '../../src/ir/yaml/index.js';
import { readLock } from '../../src/lineage/index.js';
import { openStore, type ArtifactStore } from '../../src/storage/index.js';
import { GitTree } from '../support/git-tree.js';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import { readManifests } from '../support/read-manifests.js';

const FOLDER = new URL('../histories/pipelines/', import.meta.url);

describe.skipIf(TEST_PYTHON === undefined)('AnnealClient', () => {
  const home = new AnnealHome();
  let lease: ServiceLease;
  let client: AnnealClient;
  let store: ArtifactStore;

  beforeAll(async () => {
    const variables = { ANNEAL_HOME: home.folder, ANNEAL_PYTHON_ENV: TEST_PYTHON };
    const settings = loadSettings({ PATH: process.env['PATH'], ...variables });
    lease = await openService(settings, { needWorkers: true });
    store = await openStore(settings.store, settings);
    client = await AnnealClient.connect({ ...lease.connection, store });
  });
  afterAll(async () => {
    await client.close();
    await lease.close();
    await home.close();
  });

  test('a published pipeline runs, and its result is the final view', async () => {
    const pipeline = await publish('branches');

    const { runId } = await client.start({ pipeline, parameters: { number: 1 } });
    const view = await client.result(runId);

    expect(view).toMatchObject({ runId, status: 'succeeded', outputs: { Output: 'one' } });
    expect(runFailure(view)).toBeUndefined();
    expect(await client.show(runId)).toEqual(view);
  });

  test('the same text published again is the same version', async () => {
    const before = await publish('branches');

    const again = await publish('branches');

    expect(again).toEqual(before);
  });

  test('a run knows the commit that its pipeline was published from', async () => {
    const tree = new GitTree();
    const file = tree.write(
      'branches.yaml',
      readFileSync(new URL('branches.yaml', FOLDER), 'utf8'),
    );
    const source = { commit: tree.commit(), dirty: false, path: 'branches.yaml' };
    const pipeline = await publish('branches', file);

    const { runId } = await client.start({ pipeline, parameters: { number: 1 } });

    expect(await client.result(runId)).toMatchObject({ source });
    expect(await readLock(store, runId)).toMatchObject({ pipeline: { source } });
  });

  test('watching yields each change once, and the final view last', async () => {
    const pipeline = await publish('loop');
    const { runId } = await client.start({ pipeline, parameters: { numbers: [1, 2, 3] } });

    const views: RunView[] = [];
    for await (const view of client.watch(runId, { intervalMs: [20, 50] })) views.push(view);

    const texts = views.map((view) => JSON.stringify(view));
    expect(texts.every((text, index) => text !== texts[index - 1])).toBe(true);
    expect(views.slice(0, -1).map(({ status }) => status)).toEqual(
      views.slice(0, -1).map(() => 'running'),
    );
    expect(views.at(-1)).toMatchObject({ status: 'succeeded', outputs: { Output: 14 } });
  });

  test('A1: a run id starts one run, also after that has closed', async () => {
    const pipeline = await publish('branches');
    const request = { pipeline, runId: 'only-once', parameters: { number: 0 } };
    await client.start(request);

    const whileOpen = client.start(request);
    await expect(whileOpen).rejects.toMatchObject({ code: 'E_ALREADY_STARTED' });
    const view = await client.result('only-once');
    const afterwards = client.start({ ...request, parameters: { number: 1 } });

    await expect(afterwards).rejects.toMatchObject({ code: 'E_ALREADY_STARTED' });
    expect(await client.show('only-once')).toEqual(view);
  });

  test('A1: of 20 starts at once with one id, one wins, and each task runs once', async () => {
    const pipeline = await publish('loop');
    const request = { pipeline, runId: 'crowd', parameters: { numbers: [4, 5] } };

    const starts = await Promise.allSettled(
      Array.from({ length: 20 }, () => client.start(request)),
    );

    const codes = starts.map((start) =>
      start.status === 'fulfilled' ? 'started' : (start.reason as { code: string }).code,
    );
    expect(codes.sort()).toEqual([...Array<string>(19).fill('E_ALREADY_STARTED'), 'started']);
    expect(await client.result('crowd')).toMatchObject({ outputs: { Output: 41 } });
    const runs = (await client.list({ limit: 100 })).filter(({ runId }) => runId === 'crowd');
    expect(runs).toHaveLength(1);
    const tasks = (await readManifests(home.folder))
      .filter(({ run }) => run.runId === 'crowd')
      .map(({ task }) => task);
    expect(tasks.sort()).toEqual(['for-loop-1/0/square', 'for-loop-1/1/square', 'total']);
  });

  test('a failed run is a view, and an error that names its task', async () => {
    const { runId } = await client.start({ pipeline: await publish('failing') });

    const view = await client.result(runId);

    expect(view).toMatchObject({
      status: 'failed',
      error: { code: 'E_TASK_EXIT', task: 'refuse' },
    });
    expect(runFailure(view)?.message).toContain('refused: before');
  });

  test('a canceled run has run its exit handler', async () => {
    const pipeline = await publish('cleanup');
    const { runId } = await client.start({ pipeline, parameters: { seconds: 60 } });
    for await (const { tasks } of client.watch(runId)) {
      if (tasks.some(({ name, status }) => name.endsWith('sleep-for') && status === 'running'))
        break;
    }

    await client.cancel(runId);

    const { status, tasks } = await client.result(runId);
    expect(status).toBe('canceled');
    expect(tasks.map(({ name, status: end }) => [name, end])).toEqual(
      expect.arrayContaining([
        ['exit-handler-1/sleep-for', 'canceled'],
        ['exit-handler-1/echo-2', 'not_triggered'],
        ['echo', 'succeeded'],
      ]),
    );
  });

  test('what does not exist is named, with what is nearest', async () => {
    await expect(client.result('only-onze')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: expect.stringContaining('only-once') as string,
    });
  });

  async function publish(name: string, file?: string): Promise<PipelineReference> {
    const yaml = readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8');
    const text = writePipeline(readPipeline(yaml, name));
    const published = await client.publish({ name, text, file });
    return { name: published.name, version: published.version, digest: published.digest };
  }
});
