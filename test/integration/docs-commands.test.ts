// Every command of docs/schedules.md and docs/versions.md, run as it stands there on one embedded service.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import { docCommands } from '../support/doc-commands.js';

const CLI = new URL('../../dist/src/cli/main.js', import.meta.url).pathname;

describe.skipIf(TEST_PYTHON === undefined)('the commands of', () => {
  const home = new AnnealHome();

  beforeAll(async () => {
    cpSync('examples', join(home.project, 'examples'), { recursive: true });
    await home.serve();
  });
  afterAll(() => home.close());

  test('docs/versions.md publish, list and compare', async () => {
    const outputs = await runAll('versions.md');

    expect(outputs[0]).toMatch(/^ml-training-pipeline@\d sha256:[0-9a-f]{64}$/m);
    expect(outputs[1]).toContain('ml-training-pipeline@1');
    expect(outputs[2]).toContain('No difference');
    expect(JSON.parse(outputs[3]!)).toMatchObject({ equal: false });
  }, 120_000);

  test('docs/schedules.md make a schedule, use it, and remove it', async () => {
    const outputs = await runAll('schedules.md');
    const said = (words: string): string =>
      outputs[commands('schedules.md').findIndex((each) => each.includes(words))]!;

    expect(said('create nightly')).toMatch(/overlap\s+skip/);
    expect(said('create nightly')).toContain('fires only while that is up');
    expect(said('describe nightly').match(/\d{4}-\d\d-\d\d 06:0\d:\d\d GMT\+[12]/g)).toHaveLength(
      5,
    );
    expect(said('list')).toContain('nightly');
    expect(said('create daily')).toContain('churn-{{scheduled_time:date}}');
    expect(said('pause nightly')).toContain('paused');
    expect(said('trigger nightly')).toMatch(/^nightly-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m);
    // 2026-01-05 was a Monday: five weekdays, 6:00 in Berlin is 5:00 UTC in winter, and up to 5 minutes of jitter.
    expect(said('backfill nightly').match(/nightly-2026-01-\d\dT05:0\d:\d\dZ/g)).toHaveLength(5);
    expect(said('update nightly')).toMatch(/overlap\s+buffer-one/);
    expect(said('delete daily')).toContain('is gone');
    const triggered = said('trigger nightly').trim();
    const { stdout } = await home.call('watch', triggered, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ runId: triggered, status: 'succeeded' });
  }, 300_000);

  test('the alias recurring-runs shows what a program can read', async () => {
    const { stdout } = await home.call('recurring-runs', '--json');

    const { schedules } = JSON.parse(stdout) as { schedules: object[] };
    expect(schedules).toMatchObject([
      {
        name: 'nightly',
        pipeline: 'ml-training-pipeline',
        overlap: 'buffer-one',
        parameters: { n_estimators: 20 },
      },
    ]);
  }, 120_000);

  test('a parameter of a wrong type is refused when the schedule is made', async () => {
    const { exitCode, stderr } = await home.call(
      ...['schedules', 'create', 'wrong', 'ml-training-pipeline', '--every', '1d'],
      ...['-p', 'data_path=a.csv', '-p', 'n_estimators=many'],
    );

    expect(exitCode).toBe(3);
    expect(stderr).toContain('E_PARAM');
  }, 120_000);

  function commands(page: string): string[] {
    return docCommands(page);
  }

  async function runAll(page: string): Promise<string[]> {
    const outputs: string[] = [];
    for (const command of commands(page)) {
      const { stdout } = await execa(
        'bash',
        ['-euc', `anneal() { "${process.execPath}" "${CLI}" "$@"; }\n${command}`],
        {
          cwd: home.project,
          env: {
            ANNEAL_HOME: home.folder,
            ANNEAL_PYTHON_ENV: TEST_PYTHON,
            ANNEAL_HEARTBEAT_SECONDS: '3', // as AnnealHome's own commands say
            NO_COLOR: '1',
            TMPDIR: home.temporary,
          },
        },
      );
      outputs.push(stdout);
    }
    return outputs;
  }
});
