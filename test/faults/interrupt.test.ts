// Ctrl-C, and commands that share a server: what goes on, what ends, and what is left.
//
// A home keeps its data (store, database, logs, reports); a command that has ended leaves no process, port,
// socket, lock or temporary file.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ResultPromise } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnnealHome, shellCode, TEST_PYTHON } from '../support/anneal-cli.js';
import type { RunJson } from '../support/anneal-cli.js';
import { hasBegun } from '../support/has-begun.js';
import { readManifests } from '../support/read-manifests.js';
import { waitUntil } from '../support/wait-until.js';

const CHURN = ['run', 'ml-training-pipeline', '-p', 'data_path=examples/churn/mlc_churn.csv'];
/** Trains for a second or more, and deploys nothing. */
const SLOW = [...CHURN, '-p', 'n_estimators=60', '-p', 'deploy_threshold=0.99'];
const LOOP = ['run', 'test/histories/pipelines/loop.yaml', '-p', 'numbers=[1,2,3]'];
const cleanup = (seconds: number) => [
  ...['run', 'test/histories/pipelines/cleanup.yaml', '-p', `seconds=${seconds}`],
];

describe.skipIf(TEST_PYTHON === undefined)('an interrupted command', () => {
  let home: AnnealHome;
  beforeEach(() => {
    home = new AnnealHome();
  });
  afterEach(() => home.close());

  test('Ctrl-C leaves nothing running, and "anneal watch" finishes the run', async () => {
    const command = home.start(...SLOW, '--run-id', 'slow', '--watch');
    await waitUntil('train has begun', () => hasBegun(home.folder, 'train'));
    const ports = servicePorts(home);
    const before = await readManifests(home.folder);

    command.kill('SIGINT');
    const { exitCode, stderr } = await command;

    expect(exitCode).toBe(130);
    expect(stderr).toContain('Stopped. Run slow is kept on disk');
    expect(stderr).toContain('anneal watch slow');
    expect(stderr).toContain('anneal cancel slow');
    await expectNothingLeft(ports);

    const watched = await home.call('watch', 'slow', '--json');
    const run = JSON.parse(watched.stdout) as RunJson;
    const manifests = await readManifests(home.folder);
    expect(watched.exitCode).toBe(0);
    expect(run.status).toBe('succeeded');
    expect(manifests.filter(({ task }) => task === 'preprocess')).toEqual(
      before.filter(({ task }) => task === 'preprocess'),
    );
    expect(manifests.filter(({ task }) => task === 'train')).toHaveLength(1);
    await expectNothingLeft(ports);
  }, 120_000);

  test('"anneal cancel" ends an interrupted run, exit handlers included', async () => {
    const command = home.start(...cleanup(60), '--run-id', 'waiting');
    await waitUntil('the task has begun', () => hasBegun(home.folder, 'exit-handler-1/sleep-for'));
    const ports = servicePorts(home);
    command.kill('SIGINT');
    await command;

    const canceled = await home.call('cancel', 'waiting', '--json');

    const run = JSON.parse(canceled.stdout) as RunJson;
    expect(canceled.exitCode).toBe(0);
    expect(run.status).toBe('canceled');
    expect(run.tasks.find(({ name }) => name === 'echo')?.status).toBe('succeeded');
    await expectNothingLeft(ports);
  }, 120_000);

  test('a second Ctrl-C ends the command at once; nothing stays behind', async () => {
    const command = home.start(...cleanup(60));
    await waitUntil('the task has begun', () => hasBegun(home.folder, 'exit-handler-1/sleep-for'));
    const ports = servicePorts(home);

    command.kill('SIGINT');
    command.kill('SIGINT');

    expect(shellCode(await command)).toBe(130);
    await waitUntil('everything has ended', () => home.processes().length === 0);
    await expectNothingLeft(ports);
  }, 120_000);

  test('two commands share one server, and Ctrl-C in one does not harm the other', async () => {
    const first = home.start(...cleanup(60), '--run-id', 'first');
    await waitUntil('the task has begun', () => hasBegun(home.folder, 'exit-handler-1/sleep-for'));
    const ports = servicePorts(home);
    const second = home.start(...cleanup(3), '--run-id', 'second', '--json');
    await waitUntil('the other has begun', () =>
      hasBegun(home.folder, 'exit-handler-1/sleep-for', 'second'),
    );

    first.kill('SIGINT');

    expect((await first).exitCode).toBe(130);
    expect(servicePorts(home)).toEqual(ports);
    expect(await runOf(second)).toMatchObject({ runId: 'second', status: 'succeeded' });
    await expectNothingLeft(ports);
  }, 120_000);

  test('--detach goes on without a command, until its run has closed', async () => {
    const detached = await home.call(...cleanup(3), '--run-id', 'alone', '--detach', '--json');
    const ports = servicePorts(home);

    expect(JSON.parse(detached.stdout)).toMatchObject({ runId: 'alone', status: 'running' });
    expect(home.processes()).not.toEqual([]);
    await waitUntil('everything has ended', () => home.processes().length === 0);
    await expectNothingLeft(ports);
    const shown = await home.call('show', 'alone', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ status: 'succeeded' });
  }, 120_000);

  test('Ctrl-C during set-up of the server leaves nothing behind', async () => {
    const command = home.start(...LOOP);
    await waitUntil('the server is starting', () => home.processes().length > 1);

    command.kill('SIGINT');

    expect(shellCode(await command)).toBe(130);
    await waitUntil('everything has ended', () => home.processes().length === 0);
    await expectNothingLeft([]);
  }, 120_000);

  /** Nothing but the home's data. */
  async function expectNothingLeft(ports: readonly number[]): Promise<void> {
    expect(home.processes()).toEqual([]);
    expect(await Promise.all(ports.map((port) => isListening(port)))).toEqual(
      ports.map(() => false),
    );
    expect(readdirSync(join(home.folder, 'service'))).toEqual([]);
    expect(readdirSync(join(home.folder, 'store', '.tmp'))).toEqual([]);
    expect(readdirSync(home.temporary)).toEqual([]);
  }
});

async function runOf(command: ResultPromise): Promise<RunJson> {
  const { stdout, stderr } = await command;
  if (stdout === '') throw new Error(`no JSON on stdout: ${String(stderr)}`);
  return JSON.parse(String(stdout)) as RunJson;
}

/** Ports of the embedded server, as its supervisor's state file has them. */
function servicePorts(home: AnnealHome): number[] {
  const file = join(home.folder, 'service', 'state.json');
  if (!existsSync(file)) throw new Error('the service does not run');
  const { ports } = JSON.parse(readFileSync(file, 'utf8')) as { ports: Record<string, number> };
  return Object.values(ports);
}

async function isListening(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  const answer = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return answer;
}
