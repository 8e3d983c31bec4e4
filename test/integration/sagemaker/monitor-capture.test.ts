// The closed loop over SageMaker's data capture: the strict fake writes it into S3, a monitor reads it there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient } from '../../../src/client/index.js';
import { loadSettings } from '../../../src/config/index.js';
import type { MonitorRound } from '../../../src/contract/index.js';
import { openService, type ServiceLease } from '../../../src/devserver/index.js';
import {
  fakeVariables,
  fasterClock,
  ServingHost,
  startFakeSageMaker,
  type FakeClock,
  type FakeSageMaker,
} from '../../../src/devserver/fake-sagemaker/index.js';
import { openStore } from '../../../src/storage/index.js';
import { moto, startMoto, type MotoServer } from '../../contract/deploy/moto-server.js';
import { s3Buckets } from '../../fakes/sagemaker/s3-buckets.js';
import { TEST_PYTHON } from '../../support/anneal-cli.js';
import { CHURN_DATA, driftedRows, knownRows } from '../../support/churn-requests.js';
import { clientFor, makeBucket, TEST_CREDENTIALS } from '../../support/s3/s3-server.js';
import { waitUntil } from '../../support/wait-until.js';

const PIPELINE = 'ml-training-pipeline';
const ENDPOINT = 'churn-captured';
const SHARED = { data_path: CHURN_DATA, endpoint_name: ENDPOINT };
const ROWS = 300;
const PYTHON_TASKS = path.join(import.meta.dirname, '../../../python-tasks');
// Minutes of SageMaker in seconds.
const SPEED = 120;

const missing = 'missing' in moto ? moto.missing : undefined;
if (missing !== undefined) console.warn(`SKIPPED: data capture in S3, because ${missing}.`);

describe.skipIf(TEST_PYTHON === undefined || missing !== undefined)('data capture in S3', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-capture-'));
  let server: MotoServer;
  let bucket: string;
  let buckets: ReturnType<typeof s3Buckets>;
  let fake: FakeSageMaker<FakeClock>;
  let runtime: SageMakerRuntimeClient;
  let lease: ServiceLease;
  let client: AnnealClient;

  beforeAll(async () => {
    Object.assign(process.env, TEST_CREDENTIALS);
    server = await startMoto('python' in moto ? moto.python : '');
    bucket = await makeBucket(server.url);
    buckets = s3Buckets(server.url);
    fake = await startFakeSageMaker({
      clock: fasterClock(SPEED),
      buckets,
      host: () =>
        new ServingHost({
          python: TEST_PYTHON!,
          pythonTasksFolder: PYTHON_TASKS,
          read: (uri) => buckets.read(uri),
        }),
    });
    const variables = {
      ...fakeVariables(fake.url),
      ...TEST_CREDENTIALS,
      ANNEAL_S3_ENDPOINT: server.url,
      ANNEAL_SAGEMAKER_BUCKET: bucket,
      ANNEAL_SAGEMAKER_POLL_SECONDS: '0.2',
      ANNEAL_POLICIES: JSON.stringify([
        { sagemaker: { dataCapture: { s3Uri: `s3://${bucket}/captured/`, percent: 100 } } },
      ]),
      ANNEAL_HOME: folder,
      ANNEAL_PYTHON_ENV: TEST_PYTHON,
    };
    Object.assign(process.env, variables); // the worker inherits what is AWS's
    const settings = loadSettings({ ...variables, PATH: process.env['PATH'] }, { cwd: folder });
    lease = await openService(settings, { needWorkers: true });
    const store = await openStore(settings.store, settings);
    client = await AnnealClient.connect({ ...lease.connection, store });
    runtime = new SageMakerRuntimeClient({ endpoint: fake.url, region: 'eu-central-1' });
    const { runId } = await client.start({
      pipeline: { name: PIPELINE },
      parameters: { ...SHARED, n_estimators: 5, max_depth: 5 },
    });
    expect((await client.result(runId)).deployment).toMatchObject({ status: 'promoted' });
  }, 240_000);
  afterAll(async () => {
    await client?.close();
    await lease?.close();
    await fake?.close();
    buckets?.close();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  const ask = async (csv: string, contentType = 'text/csv'): Promise<void> => {
    const isJson = contentType === 'application/json';
    const command = new InvokeEndpointCommand({
      EndpointName: ENDPOINT,
      ContentType: contentType,
      Body: Buffer.from(isJson ? jsonOf(csv) : csv),
    });
    await runtime.send(command);
  };
  const source = () => ({
    ...{ endpoint: ENDPOINT, limit: 0.25, minRows: 200 },
    captured: `s3://${bucket}/captured`,
  });
  const roundThat = (fits: (round: MonitorRound) => boolean): Promise<MonitorRound> =>
    waitUntil(
      'the monitor has made such a check',
      async () => (await client.monitors.show(ENDPOINT)).state.rounds.find(fits),
      120_000,
    );

  test('is written as SageMaker writes it, and compared whatever its encoding', async () => {
    await ask(knownRows(200));
    await ask(knownRows(30), 'application/json');
    await ask(knownRows(20), 'TEXT/CSV'); // in no list of the configuration: captured in base64
    await spoil();

    const finding = await waitUntil('all is captured', async () => {
      const found = await client.monitors.check(source());
      return found.capturedRows >= 250 ? found : undefined;
    });

    const s3 = clientFor(server.url);
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `captured/${ENDPOINT}/` }),
    );
    s3.destroy();
    const layout = /^captured\/churn-captured\/AllTraffic(\/\d\d(\d\d)?){4}\/[\w-]+\.jsonl$/;
    expect(Contents.filter(({ Key }) => !layout.test(Key!))).toEqual([]);
    expect(finding).toMatchObject({ unreadable: 2 }); // of the spoiled file
    expect(finding.features[0]!.psi).toBeLessThan(0.25);
  });

  test('that drifts begins a retraining, which is promoted, and not a second one', async () => {
    await client.monitors.start({
      ...source(),
      pipeline: { name: PIPELINE },
      parameters: { ...SHARED, n_estimators: 60 },
      every: '2s',
      coolDown: '1h',
    });
    const stable = await roundThat(({ verdict }) => verdict === 'stable');
    const before = (await client.monitors.check(source())).modelDigest;

    await ask(driftedRows(ROWS));
    const retrained = await roundThat(({ retrain }) => retrain?.endedAt !== undefined);
    const quiet = await roundThat(({ check, verdict }) => {
      return check > retrained.check && verdict === 'too_few_rows';
    });
    await ask(driftedRows(ROWS));
    const held = await roundThat(({ action }) => action === 'cooling_down');
    await client.monitors.stop(ENDPOINT);

    expect(stable.reason).toContain('(2 requests could not be read)');
    expect(retrained).toMatchObject({ verdict: 'drifted', feature: 'total_day_minutes' });
    expect(retrained.retrain).toMatchObject({ status: 'succeeded', deployment: 'promoted' });
    expect(quiet.check).toBeLessThan(held.check); // the earlier model's requests are not the new one's
    const finding = await client.monitors.check(source());
    expect(finding.modelDigest).not.toBe(before);
    expect(finding.features[0]!.name).toBe('total_day_minutes');
  }, 300_000);

  /** Puts a file of a torn line and a line of another format among the captured ones, in the hour of now. */
  async function spoil(): Promise<void> {
    const hour = new Date(fake.clock.now()).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const s3 = clientFor(server.url);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `captured/${ENDPOINT}/AllTraffic/${hour}/torn.jsonl`,
        Body: '{"eventVersion":"0"}\n{"captureData":{"endpointInp',
      }),
    );
    s3.destroy();
  }
});

/** The rows of a CSV text as a JSON request. */
function jsonOf(csv: string): string {
  const [header, ...rows] = csv.split('\n').map((line) => line.split(','));
  return JSON.stringify({
    instances: rows.map((cells) =>
      Object.fromEntries(header!.map((name, index) => [name, cells[index]])),
    ),
  });
}
