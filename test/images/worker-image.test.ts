// The image of workers, against a real Temporal server.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';
import { inspectImage, missingImage, runContainer, WORKER_IMAGE } from './support/images.js';

const LIMIT_MS = 300_000;
const isMissing = TEMPORAL_CLI === '' || missingImage(WORKER_IMAGE) !== undefined;

describe.skipIf(isMissing)('the image anneal-worker', { timeout: LIMIT_MS }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-worker-image-'));
  let server: TemporalServer;

  beforeAll(async () => {
    server = await startTemporal(path.join(folder, 'temporal.db'));
  });
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  test('is nobody in particular, and says where it comes from', () => {
    const { Config } = inspectImage(WORKER_IMAGE);

    expect(Config.User).toBe('10001:10001');
    expect(Config.Labels).toMatchObject({ 'org.opencontainers.image.title': 'anneal-worker' });
  });

  test('polls, is healthy, runs the churn pipeline, and ends on SIGTERM with code 0', async () => {
    const name = `anneal-test-${randomUUID()}`;
    const variables = ['--env', `TEMPORAL_ADDRESS=${server.address}`];
    // The dev server listens on loopback, which the container shares; its home is a volume that goes with it.
    const options = ['--name', name, '--network', 'host', '--user', '54321:54321', ...variables];
    const worker = runContainer(...options, WORKER_IMAGE);
    await waitUntil(
      'the health check passes',
      async () => {
        if (worker.exitCode !== null) throw new Error((await worker).all);
        const check = ['exec', name, 'node', '/opt/anneal/dist/workers/healthcheck.js'];
        return (await execa('docker', check, { reject: false })).exitCode === 0;
      },
      LIMIT_MS,
    );

    const input = {
      data_path: '/opt/anneal/examples/churn/mlc_churn.csv',
      n_estimators: 20,
      deploy_threshold: 0.99,
    };
    const { stdout } = await execa(TEMPORAL_CLI, [
      ...[
        'workflow',
        'execute',
        '--address',
        server.address,
        '--task-queue',
        'anneal',
        '--output',
        'json',
      ],
      ...[
        '--type',
        'ml-training-pipeline',
        '--workflow-id',
        name,
        '--input',
        JSON.stringify(input),
      ],
    ]);
    await execa('docker', ['stop', '--time', '60', name]);

    const { status, result } = JSON.parse(stdout) as { status: string; result: object };
    expect(status).toBe('COMPLETED');
    expect(result).toMatchObject({
      status: 'succeeded',
      outputs: { passed: false, test_accuracy: 0.927 },
      deployment: { status: 'refused' },
    });
    const { exitCode, all } = await worker;
    expect(exitCode, all).toBe(0);
  });

  test('without a worker that polls, the health check fails and says so', async () => {
    const { exitCode, stderr } = await runContainer(
      ...['--hostname', 'without-a-worker', '--network', 'host'],
      ...['--env', `TEMPORAL_ADDRESS=${server.address}`, '--entrypoint', 'node'],
      ...[WORKER_IMAGE, '/opt/anneal/dist/workers/healthcheck.js'],
    );

    expect(exitCode).toBe(1);
    expect(stderr).toContain('No worker of without-a-worker polls "anneal".');
  });
});
