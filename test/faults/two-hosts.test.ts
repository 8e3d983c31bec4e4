// Two hosts that share nothing but an S3 store and a Temporal server. A host is a worker with a home of its own and
// all that it started; what one keeps on its disk the other never reads.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionManifest } from '../../src/lineage/index.js';
import { keys, readManifest } from '../../src/lineage/index.js';
import { openStore, type ArtifactStore } from '../../src/storage/index.js';
import { moto, startMoto, type MotoServer } from '../contract/deploy/moto-server.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { gatedTasks, readLedger } from '../support/pipelines/gated-tasks.js';
import { makeBucket, optionsFor, TEST_CREDENTIALS } from '../support/s3/s3-server.js';
import { startTemporal, type TemporalServer } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';
import { WorkerHost } from '../support/worker-host.js';

/** For a busy machine; a quiet one needs a tenth. */
const LONG_MS = 200_000;
const NAMES = ['one', 'two', 'three', 'four'];
const TRAIN = [
  ...['run', 'ml-training-pipeline', '--no-cache', '--json', '-p', 'n_estimators=100'],
  // Out of reach: what is deployed where is not the question here.
  ...['-p', 'data_path=examples/churn/mlc_churn.csv', '-p', 'deploy_threshold=0.999'],
];

if ('missing' in moto) console.warn(`SKIPPED: two hosts on S3 (${moto.missing})`);

describe.skipIf('missing' in moto || TEST_PYTHON === undefined)('two hosts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'anneal-two-hosts-'));
  let s3: MotoServer;
  let server: TemporalServer;
  let store: ArtifactStore;
  let left: WorkerHost;
  let right: WorkerHost;
  /** Starts runs; it has no worker. */
  let desk: AnnealHome;

  beforeAll(async () => {
    Object.assign(process.env, TEST_CREDENTIALS);
    s3 = await startMoto('python' in moto ? moto.python : '');
    server = await startTemporal(join(folder, 'temporal.db'));
    const address = `s3://${await makeBucket(s3.url)}/project`;
    store = await openStore(address, { cacheFolder: join(folder, 'c'), s3: optionsFor(s3.url) });
    const environment = {
      ...TEST_CREDENTIALS,
      TEMPORAL_ADDRESS: server.address,
      ANNEAL_STORE: address,
      ANNEAL_S3_ENDPOINT: s3.url,
      ANNEAL_WORKER_CPUS: '2',
      ANNEAL_WORKER_MEMORY: '8Gi',
    };
    desk = new AnnealHome(environment);
    left = new WorkerHost(environment);
    right = new WorkerHost({ ...environment, ANNEAL_DRAIN_SECONDS: '600' });
    await Promise.all([left.start(), right.start()]);
  });
  afterAll(async () => {
    await Promise.all([left.close(), right.close(), desk.close()]);
    await server.kill();
    s3.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    'tasks spread; after a drain of both no work is lost and nothing runs twice',
    async () => {
      const [ledger, gate] = [join(folder, 'ledger'), join(folder, 'gate')];
      const pipeline = join(folder, 'gated.json');
      writeFileSync(pipeline, JSON.stringify(gatedTasks(NAMES)));
      const parameters = ['-p', `ledger=${ledger}`, '-p', `gate=${gate}`];
      const command = desk.start('run', pipeline, ...parameters, '--json');
      await waitUntil('every task runs', () => readLedger(ledger).length === NAMES.length, LONG_MS);
      const before = readLedger(ledger);

      const leftCode = await left.stop(); // hands its tasks over: they go on without it
      await left.start();
      right.signal('SIGTERM'); // lets its tasks come to their end
      writeFileSync(gate, '');
      const rightCode = await right.stop();

      const run = JSON.parse(String((await command).stdout)) as RunJson;
      const after = readLedger(ledger);
      const manifests = await manifestsOf(run);
      expect(run).toMatchObject({ status: 'succeeded' });
      expect([leftCode, rightCode]).toEqual([0, 0]);
      expect(placesOf(before, left)).toHaveLength(2);
      expect(placesOf(before, right)).toHaveLength(2);
      expect(after.filter(({ event }) => event === 'start')).toEqual(before);
      expect(
        after
          .filter(({ event }) => event === 'end')
          .map(({ task }) => task)
          .sort(),
      ).toEqual([...NAMES].sort());
      expect(new Set(manifests.map(({ worker }) => worker?.host)).size).toBe(2);
    },
    2 * LONG_MS,
  );

  test(
    'a host that dies in mid-train: the run completes on the other, with the same metrics',
    async () => {
      await right.start();
      const command = desk.start(...TRAIN, '--run-id', 'interrupted');
      const victim = await waitUntil(
        'train has started',
        () => [left, right].find((host) => runsTask(host, 'train')),
        LONG_MS,
      );

      const killed = victim.powerOff();

      const run = JSON.parse(String((await command).stdout)) as RunJson;
      const undisturbed = await desk.run(...TRAIN.slice(1).filter((each) => each !== '--json'));
      const train = await readManifest(store, keys.manifestKey(run.runId, 'train'));
      expect(killed, 'the fault was injected').toBeGreaterThan(2);
      expect(run.status).toBe('succeeded');
      expect(train?.worker?.host).toBe((await survivorOf(undisturbed)).host);
      expect(metricsOf(run)).toEqual(metricsOf(undisturbed));
    },
    2 * LONG_MS,
  );

  async function manifestsOf({ runId, tasks }: RunJson): Promise<ExecutionManifest[]> {
    const found = await Promise.all(
      tasks.map(({ name }) => readManifest(store, keys.manifestKey(runId, name))),
    );
    return found.filter((manifest) => manifest !== undefined);
  }

  async function survivorOf({ runId }: RunJson): Promise<{ readonly host: string }> {
    return (await readManifest(store, keys.manifestKey(runId, 'train')))!.worker!;
  }
});

function placesOf(lines: ReturnType<typeof readLedger>, { home }: WorkerHost): string[] {
  return lines.filter(({ folder }) => folder.includes(home.folder)).map(({ task }) => task);
}

/** Whether a host has started that task: the folders of its attempts are its own. */
function runsTask({ home }: WorkerHost, task: string): boolean {
  const folder = join(home.folder, 'cache', 'staging');
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.key'))
    .filter((name) => readFileSync(join(folder, name), 'utf8').includes(`/tasks/${task}/`))
    .some((name) => existsSync(join(folder, name.slice(0, -4), '_execution', 'lease.json')));
}

/** Digests and metadata of all that the tasks made, where time and place play no part. */
function metricsOf({ tasks }: RunJson): unknown {
  return tasks.map(({ name, outputs }) => [
    name,
    outputs?.parameters,
    Object.values(outputs?.artifacts ?? {})
      .flat()
      .filter(({ type }) => type.includes('Metrics') || type.includes('Dataset'))
      .map(({ digest, metadata }) => ({ digest, metadata })),
  ]);
}
