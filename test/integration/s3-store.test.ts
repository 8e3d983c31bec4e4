// The main job with everything in a bucket, through the command line, on a real Temporal server.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestContent } from '../../src/storage/index.js';
import { moto, startMoto, type MotoServer } from '../contract/deploy/moto-server.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { clientFor, makeBucket, TEST_CREDENTIALS } from '../support/s3/s3-server.js';
import { taskNamed } from '../support/task-named.js';

const PIPELINE = 'ml-training-pipeline';
const DATA = 'examples/churn/mlc_churn.csv';
const missing = 'missing' in moto ? moto.missing : TEST_PYTHON ? undefined : 'no test Python';
if (missing !== undefined) console.warn(`SKIPPED: the churn pipeline in S3 (${missing})`);

describe.skipIf(missing !== undefined)('the churn pipeline in S3', { timeout: 300_000 }, () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'anneal-s3-run-'));
  let server: MotoServer;
  let home: AnnealHome;
  let bucket: string;
  let first: RunJson;

  beforeAll(async () => {
    server = await startMoto('python' in moto ? moto.python : '');
    bucket = await makeBucket(server.url);
    const client = clientFor(server.url);
    const Body = readFileSync(DATA);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'raw/churn.csv', Body }));
    client.destroy();
    home = homeOn(`s3://${bucket}/team`);
    await home.serve();
    first = await home.run(PIPELINE, '-p', `data_path=s3://${bucket}/raw/churn.csv`);
  }, 300_000);
  afterAll(async () => {
    await home.close();
    server.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  function homeOn(store: string): AnnealHome {
    return new AnnealHome({
      ...TEST_CREDENTIALS,
      ANNEAL_STORE: store,
      ANNEAL_S3_ENDPOINT: server.url,
    });
  }

  test('imports from S3, clears the gate and serves the model', async () => {
    expect(first.status).toBe('succeeded');
    expect(first.deployment?.status).toBe('promoted');
    const response = await fetch(`${first.deployment!.url!}/ping`);
    expect(response.status).toBe(200);
    expect(taskNamed(first, 'train').outputs!.artifacts['model']![0]!.uri).toMatch(
      `s3://${bucket}/team/runs/`,
    );
  });

  test('has the data and metric digests of a run in a folder, on a file', async () => {
    const folder = new AnnealHome();
    const plain = await folder.run(PIPELINE, '-p', `data_path=${DATA}`);
    await folder.close();

    expect(digestsOf(first)).toEqual(digestsOf(plain));
    expect(first.outputs).toEqual(plain.outputs);
  });

  test('is answered from the cache the second time', async () => {
    const again = await home.run(PIPELINE, '-p', `data_path=s3://${bucket}/raw/churn.csv`);

    const stages = ['preprocess', 'train', 'evaluate'];
    expect(stages.map((stage) => taskNamed(again, stage).cached)).toEqual([true, true, true]);
  });

  test('its artifacts are listed, fetched and linked; its log and report are there', async () => {
    const target = path.join(scratch, 'model');
    const get = ['artifact', 'get', first.runId, 'train', 'model'];
    const listed = await home.call('artifacts', first.runId, '--json');
    const fetched = await home.call(...get, '-o', target);
    const linked = await home.call(...get, '--url', '--json');
    const logs = await home.call('logs', first.runId, 'train');
    const report = await home.call('report', first.runId, '-o', path.join(scratch, 'run.html'));

    const model = taskNamed(first, 'train').outputs!.artifacts['model']![0]!;
    expect(JSON.parse(listed.stdout)).toMatchObject({
      artifacts: expect.arrayContaining([
        expect.objectContaining({ task: 'train', output: 'model', digest: model.digest }),
      ]) as unknown,
    });
    expect(fetched.exitCode).toBe(0);
    expect((await digestContent(target))!.content.digest).toBe(model.digest);
    const { links } = JSON.parse(linked.stdout) as { links: { url: string }[] };
    expect((await fetch(links[0]!.url)).status).toBe(200);
    expect(logs.stdout).not.toBe('');
    expect(report.exitCode).toBe(0);
  });

  test('the doctor tries the store', async () => {
    const { stdout } = await home.call('doctor', '--json');

    const { findings } = JSON.parse(stdout) as { findings: { name: string; found: string }[] };
    expect(findings.find(({ name }) => name === 'Artifact store')?.found).toContain('creates once');
  });

  test('a bucket that does not exist ends a run before it starts, with the remedy', async () => {
    const lost = homeOn('s3://no-such-bucket/team');

    const { exitCode, stderr } = await lost.call('run', PIPELINE, '-p', `data_path=${DATA}`);

    expect(exitCode).toBe(4);
    expect(stderr).toContain('the bucket does not exist');
    expect(stderr).not.toContain('Starting the Temporal server');
    await lost.close();
  });

  test('no credential of the worker reaches a log or the database', async () => {
    const { stdout } = await home.call('logs', first.runId, 'train');

    expect(stdout).not.toContain(TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY);
    const database = readFileSync(path.join(home.folder, 'temporal.db'), 'latin1');
    expect(database).not.toContain(TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY);
  });
});

/** Digests of every output of every task. */
function digestsOf(run: RunJson): Record<string, (string | undefined)[]> {
  return Object.fromEntries(
    run.tasks.map(({ name, outputs }) => [
      name,
      Object.values(outputs?.artifacts ?? {})
        .flat()
        .map(({ digest }) => digest),
    ]),
  );
}
