// Commands that cannot do what they are asked (fault matrix, rows 58 to 60).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealHome, shellCode, TEST_PYTHON } from '../support/anneal-cli.js';
import { hasBegun } from '../support/has-begun.js';
import { waitUntil } from '../support/wait-until.js';
import { expectRefusal, expectStack } from './support/refusal.js';

const CLI = new URL('../../dist/src/cli/main.js', import.meta.url).pathname;
const PIPELINE = 'ml-training-pipeline';
const CHURN = 'data_path=examples/churn/mlc_churn.csv';
const [USAGE, INVALID, ENVIRONMENT, INTERRUPTED] = [2, 3, 4, 130];

describe('wrong words', { concurrent: true, timeout: 120_000 }, () => {
  const home = new AnnealHome();
  afterAll(() => home.close());

  test.each([
    ['an unknown command', ['rnu'], /rnu/],
    ['an unknown flag', ['run', PIPELINE, '--detatch'], /--detatch/],
    ['flags that exclude each other', ['run', PIPELINE, '--watch', '--detach'], /--watch|--detach/],
    ['a missing argument', ['show'], /run/],
    ['an unknown flag of a command within a group', ['endpoints', 'list', '--jsn'], /--jsn/],
  ])('row 58: %s', async (_, command, place) => {
    await expectRefusal(home, command, { code: 'E_USAGE', exitCode: USAGE, place });
  });

  test('row 58: no words at all show the help, on stderr', async () => {
    const { exitCode, stdout, stderr } = await home.call();

    expect(exitCode).toBe(USAGE);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: anneal');
  });

  test('its stack is shown with --debug only', async () => {
    await expectStack(home, ['rnu']);
  });

  test('row 59: a reader that goes away is no error', async () => {
    const child = spawn(process.execPath, [CLI, 'compile', PIPELINE], {
      env: { ...process.env, ANNEAL_HOME: home.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const said: Buffer[] = [];
    child.stderr.on('data', (bytes: Buffer) => said.push(bytes));

    const [exitCode] = (await once(child, 'close')) as [number];

    expect(exitCode).toBe(0);
    expect(Buffer.concat(said).toString()).toBe('');
  });
});

test('row 59: a server that nobody reaches is named, with how to start one', async () => {
  const home = new AnnealHome({ TEMPORAL_ADDRESS: '127.0.0.1:1' });

  await expectRefusal(home, ['run', PIPELINE, '-p', CHURN], {
    code: 'E_SERVER',
    exitCode: ENVIRONMENT,
    place: /127\.0\.0\.1:1/,
  });
  await home.close();
});

describe.skipIf(TEST_PYTHON === undefined)('with a service', { timeout: 120_000 }, () => {
  const home = new AnnealHome();
  const FAILED = 'a-failed-run';
  let address: string;

  beforeAll(async () => {
    address = await home.serve();
    writeFileSync(join(home.folder, 'empty.csv'), '');
    await home.run(PIPELINE, '-p', `data_path=${home.folder}/empty.csv`, '--run-id', FAILED);
  });
  afterAll(() => home.close());

  test('row 59: a namespace that does not exist', async () => {
    const other = new AnnealHome({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'nowhere' });

    await expectRefusal(other, ['run', PIPELINE, '-p', CHURN], {
      code: 'E_NAMESPACE',
      exitCode: ENVIRONMENT,
      place: /nowhere/,
    });
    await other.close();
  });

  test.each([
    ['show', 'no-such-run'],
    ['watch', 'no-such-run'],
    ['cancel', 'no-such-run'],
    ['report', 'no-such-run'],
    ['logs', 'no-such-run'],
    ['endpoints', 'stop', 'no-such-endpoint'],
    ['run', 'no-such-pipeline'],
  ])('row 59: %s %s %s', async (...command) => {
    await expectRefusal(home, command, {
      code: 'E_NOT_FOUND',
      exitCode: INVALID,
      place: /no-such-/,
    });
  });

  test('row 60: a run that has ended cannot be canceled, and the state is named', async () => {
    await expectRefusal(home, ['cancel', FAILED], {
      code: 'E_STATE',
      exitCode: INVALID,
      place: /has failed/,
    });
  });

  test('row 60: a run id is used once', async () => {
    const again = ['run', PIPELINE, '-p', CHURN, '--run-id', FAILED];

    await expectRefusal(home, again, {
      code: 'E_ALREADY_STARTED',
      exitCode: INVALID,
      place: new RegExp(FAILED),
    });
  });

  test('row 59: Ctrl-C twice ends the command with 130, and the run goes on', async () => {
    const id = 'interrupted';
    const flags = ['-p', CHURN, '-p', 'n_estimators=60', '--run-id', id];
    const command = home.start('run', PIPELINE, ...flags);
    await waitUntil('train has started', () => hasBegun(home.folder, 'train', id));

    command.kill('SIGINT');
    command.kill('SIGINT');
    const ended = await command;
    const watched = await home.call('watch', id, '--json');

    expect(shellCode(ended)).toBe(INTERRUPTED);
    expect(ended.stdout).toBe('');
    expect(JSON.parse(watched.stdout)).toMatchObject({ status: 'succeeded' });
  });
});
