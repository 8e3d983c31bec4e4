// A Temporal cluster instead of the embedded server: found by Temporal's own settings, with workers of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import { startTemporal } from '../support/temporal-server.js';
import type { TemporalServer } from '../support/temporal-server.js';

const GREET = 'test/support/pipelines/greet.yaml';

describe.skipIf(TEST_PYTHON === undefined)('a cluster named by TEMPORAL_ADDRESS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'anneal-cluster-'));
  let server: TemporalServer;
  let home: AnnealHome;

  beforeAll(async () => {
    server = await startTemporal(join(folder, 'temporal.db'));
    home = new AnnealHome({ TEMPORAL_ADDRESS: server.address });
  });
  afterAll(async () => {
    await home.close();
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  test('runs what is started there, on the workers started there, and no server of ours', async () => {
    const worker = home.start('worker');

    const run = await home.run(GREET, '--param', "name=$(touch x); 'quoted'");
    const servers = home.processes().filter(({ command }) => command.includes('start-dev'));
    worker.kill('SIGINT');

    expect(run).toMatchObject({
      status: 'succeeded',
      outputs: { greeting: "hello $(touch x); 'quoted'" },
    });
    expect(servers).toEqual([]);
    expect((await worker).exitCode).toBe(0);
    expect(home.processes()).toEqual([]);
  }, 120_000);

  test('anneal worker without a cluster says what to set', async () => {
    const embedded = new AnnealHome();

    const { exitCode, stderr } = await embedded.call('worker');

    expect(exitCode).toBe(3);
    expect(stderr).toContain('TEMPORAL_ADDRESS');
    await embedded.close();
  });
});
