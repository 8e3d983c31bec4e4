// The closed loop for real: requests to a real endpoint drift, a monitor sees it and trains the next model.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient } from '../../src/client/index.js';
import { loadSettings } from '../../src/config/index.js';
import type { MonitorRound } from '../../src/contract/index.js';
import { createLocalDeployer, type LocalDeployer } from '../../src/deploy/index.js';
import { openService, type ServiceLease } from '../../src/devserver/index.js';
import { openStore, type ArtifactStore } from '../../src/storage/index.js';
import { TEST_PYTHON } from '../support/anneal-cli.js';
import { CHURN_DATA, driftedRows } from '../support/churn-requests.js';
import { waitUntil } from '../support/wait-until.js';

const PIPELINE = 'ml-training-pipeline';
const ENDPOINT = 'churn-watched';
const SHARED = { data_path: CHURN_DATA, endpoint_name: ENDPOINT };
const ROWS = 300;

describe.skipIf(TEST_PYTHON === undefined)('a monitored endpoint', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-monitor-'));
  let lease: ServiceLease;
  let store: ArtifactStore;
  let client: AnnealClient;
  let deployer: LocalDeployer;
  let url: string;

  beforeAll(async () => {
    const variables = { ANNEAL_HOME: folder, ANNEAL_PYTHON_ENV: TEST_PYTHON };
    const settings = loadSettings({ ...variables, PATH: process.env['PATH'] }, { cwd: folder });
    lease = await openService(settings, { needWorkers: true });
    store = await openStore(settings.store, settings);
    client = await AnnealClient.connect({ ...lease.connection, store });
    const endpoints = path.join(folder, 'endpoints');
    deployer = createLocalDeployer({ folder: endpoints, python: '', pythonTasksFolder: '' });
    const { runId } = await client.start({
      pipeline: { name: PIPELINE },
      parameters: { ...SHARED, n_estimators: 5, max_depth: 5 },
    });
    url = (await client.result(runId)).deployment!.url!;
  });
  afterAll(async () => {
    await deployer.stop(ENDPOINT);
    await client.close();
    await lease.close();
    rmSync(folder, { recursive: true });
  });

  const digest = async (): Promise<string> => (await deployer.list())[0]!.modelDigest!;
  const roundThat = (fits: (round: MonitorRound) => boolean): Promise<MonitorRound> =>
    waitUntil(
      'the monitor has made such a check',
      async () => (await client.monitors.show(ENDPOINT)).state.rounds.find(fits),
      120_000,
    );

  test('is retrained once when its requests drift, and not again while it cools down', async () => {
    const before = await digest();
    await client.monitors.start({
      endpoint: ENDPOINT,
      pipeline: { name: PIPELINE },
      parameters: { ...SHARED, n_estimators: 60 },
      every: '2s',
      coolDown: '1h',
    });
    const quiet = await roundThat(({ verdict }) => verdict === 'too_few_rows');

    await ask(url, driftedRows(ROWS));
    const retrained = await roundThat(({ retrain }) => retrain?.endedAt !== undefined);
    await ask(url, driftedRows(ROWS));
    const held = await roundThat(({ action }) => action === 'cooling_down');

    expect(quiet.reason).toBe('0 rows were captured; 200 are needed');
    expect(retrained).toMatchObject({ verdict: 'drifted', feature: 'total_day_minutes' });
    expect(retrained.maxPsi).toBeGreaterThan(1);
    expect(retrained.retrain).toMatchObject({ status: 'succeeded', deployment: 'promoted' });
    expect(await digest()).not.toBe(before);
    expect(held.check).toBeGreaterThan(retrained.check);
    expect((await client.monitors.show(ENDPOINT)).state.retrains).toBe(1);
  }, 240_000);

  test('is compared by hand, feature by feature', async () => {
    const finding = await client.monitors.check({ endpoint: ENDPOINT, limit: 0.25, minRows: 200 });

    expect(finding).toMatchObject({ modelDigest: await digest(), capturedRows: ROWS });
    expect(finding.unreadable).toBe(0);
    expect(finding.features[0]!.name).toBe('total_day_minutes');
    const report = JSON.parse(
      Buffer.from((await store.get(finding.reportKey))!).toString('utf8'),
    ) as { features: { name: string; psi: number; bins: unknown[] }[] };
    expect(report.features[0]).toMatchObject(finding.features[0]!);
    expect(report.features[0]!.bins.length).toBeGreaterThan(9);
  });

  test('keeps no more requests once its monitor has stopped', async () => {
    await client.monitors.stop(ENDPOINT);
    await ask(url, driftedRows(ROWS));

    const finding = await client.monitors.check({ endpoint: ENDPOINT, limit: 0.25, minRows: 200 });

    expect(finding.capturedRows).toBe(ROWS);
    expect((await client.monitors.rounds(ENDPOINT)).length).toBeGreaterThan(2);
    expect(await client.monitors.list()).toEqual([]);
  });
});

async function ask(url: string, csv: string): Promise<void> {
  const response = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: csv,
  });
  expect(response.status).toBe(200);
}
