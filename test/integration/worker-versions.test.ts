// Worker Deployment versioning on a real server: a new version takes new runs while old runs finish on the old one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys, readManifest } from '../../src/lineage/index.js';
import { openLocalStore } from '../../src/storage/index.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { gatedTasks, readLedger } from '../support/pipelines/gated-tasks.js';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';
import { WorkerHost } from '../support/worker-host.js';

describe.skipIf(TEST_PYTHON === undefined)('two versions of the workers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'anneal-versions-'));
  const pipeline = join(folder, 'gated.json');
  let server: TemporalServer;
  let desk: AnnealHome;
  let before: WorkerHost;
  let after: WorkerHost;

  beforeAll(async () => {
    writeFileSync(pipeline, JSON.stringify(gatedTasks(['first', 'second'], 'sequence')));
    server = await startTemporal(join(folder, 'temporal.db'));
    const environment = {
      TEMPORAL_ADDRESS: server.address,
      ANNEAL_STORE: join(folder, 'store'),
      ANNEAL_WORKER_VERSIONING: 'on',
    };
    desk = new AnnealHome(environment);
    before = new WorkerHost({ ...environment, ANNEAL_WORKER_BUILD: 'one' });
    after = new WorkerHost({ ...environment, ANNEAL_WORKER_BUILD: 'two' });
    await before.start();
    await makeCurrent('one');
  });
  afterAll(async () => {
    await Promise.all([before.close(), after.close(), desk.close()]);
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a run ends on the version it was started on, and the next one starts on the new version', async () => {
    const old = await startRun('old');
    await after.start();
    await makeCurrent('two');
    const recent = await startRun('recent');

    writeFileSync(join(folder, 'gate-old'), '');
    writeFileSync(join(folder, 'gate-recent'), '');
    const runs = await Promise.all([old, recent].map(({ end }) => end()));
    const drained = await before.stop();

    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(await hostsOf('old')).toEqual([before.name, before.name]);
    expect(await hostsOf('recent')).toEqual([after.name, after.name]);
    expect(drained).toBe(0);
  }, 300_000);

  /** Starts a run and waits for its first task, which waits for its gate. */
  async function startRun(runId: string): Promise<{ readonly end: () => Promise<RunJson> }> {
    const ledger = join(folder, `ledger-${runId}`);
    const command = desk.start(
      ...['run', pipeline, '--json', '--no-cache', '--run-id', runId],
      ...['-p', `ledger=${ledger}`, '-p', `gate=${join(folder, `gate-${runId}`)}`],
    );
    await waitUntil(`run ${runId} is under way`, () => readLedger(ledger).length > 0, 120_000);
    return { end: async () => JSON.parse(String((await command).stdout)) as RunJson };
  }

  async function hostsOf(runId: string): Promise<(string | undefined)[]> {
    const store = await openLocalStore(join(folder, 'store'));
    const manifests = ['first', 'second'].map((task) =>
      readManifest(store, keys.manifestKey(runId, task)),
    );
    return (await Promise.all(manifests)).map((manifest) => manifest?.worker?.host);
  }

  /** The command of docs/deploy.md; the server knows a version once its worker polls. */
  async function makeCurrent(build: string): Promise<void> {
    await waitUntil(`version ${build} is current`, async () => {
      const { exitCode } = await execa(
        TEMPORAL_CLI,
        [
          ...['worker', 'deployment', 'set-current-version', '--deployment-name', 'anneal'],
          ...['--build-id', build, '--yes', '--address', server.address],
        ],
        { reject: false },
      );
      return exitCode === 0;
    });
  }
});
