// Retrying, pausing and explaining runs, as a user does: the command line and the client on one real service.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient } from '../../src/client/index.js';
import { loadSettings } from '../../src/config/index.js';
import type { PipelineReference, RunView } from '../../src/contract/index.js';
import { openService, type ServiceLease } from '../../src/devserver/index.js';
import { readPipeline, writePipeline } from '../../src/ir/yaml/index.js';
import { openStore } from '../../src/storage/index.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { readManifests } from '../support/read-manifests.js';
import { waitUntil } from '../support/wait-until.js';

const FOLDER = new URL('../support/pipelines/', import.meta.url);
const FIVE_STAGES = fileURLToPath(new URL('five-stages.yaml', FOLDER));
const STAGES = ['fetch', 'clean', 'fit', 'judge', 'announce'];

interface PlanJson {
  readonly tasks: readonly { name: string; action: string; reason: string }[];
}

describe.skipIf(TEST_PYTHON === undefined)('repair', { timeout: 240_000 }, () => {
  const home = new AnnealHome();
  let lease: ServiceLease;
  let client: AnnealClient;

  beforeAll(async () => {
    // As the commands of AnnealHome have it: they share these workers.
    const variables = {
      ANNEAL_HOME: home.folder,
      ANNEAL_PYTHON_ENV: TEST_PYTHON,
      ANNEAL_HEARTBEAT_SECONDS: '3',
    };
    const settings = loadSettings({ PATH: process.env['PATH'], ...variables });
    lease = await openService(settings, { needWorkers: true });
    client = await AnnealClient.connect({
      ...lease.connection,
      store: await openStore(settings.store, settings),
    });
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await lease.close();
    await home.close();
  }, 120_000);

  describe('anneal retry', () => {
    beforeAll(async () => {
      await start('five-stages', 'mended', { limit: 7 });
      await client.result('mended');
    });

    test('mends a run that failed in stage 4 of 5; stages 1 to 3 do not run again', async () => {
      const plan = await json<PlanJson>('retry', 'mended', '-p', 'limit=0.7', '--dry-run');
      const run = await json<RunJson & { retriedFrom: string }>(
        ...['retry', 'mended', '-p', 'limit=0.7', '--run-id', 'mended-2'],
      );

      expect(plan.tasks.map(({ name, action }) => [name, action])).toEqual([
        ['fetch', 'reuse'],
        ['clean', 'reuse'],
        ['fit', 'reuse'],
        ['judge', 'run'],
        ['announce', 'run'],
      ]);
      expect(plan.tasks[3]!.reason).toBe('failed before');
      expect(run).toMatchObject({ status: 'succeeded', retriedFrom: 'mended' });
      expect(cachedOf(run)).toEqual([true, true, true, false, false]);
      expect(await executionsOf('mended-2')).toEqual(['announce', 'judge']);
    });

    test('a run that succeeded begins again where the user says, with all that follows', async () => {
      const run = await json<RunJson>('retry', 'mended-2', '--from', 'fit', '--run-id', 'mended-3');

      expect(cachedOf(run)).toEqual([true, true, false, false, false]);
    });

    test('a retry of a retry reuses what either left', async () => {
      await start('five-stages', 'chain', { limit: 8 });
      await client.result('chain');
      const second = await client.retry('chain', { parameters: { depth: 4 } });
      await client.result(second.runId);

      const third = await client.retry(second.runId, { parameters: { depth: 3, limit: 0.5 } });

      const view = await client.result(third.runId);
      const cached = view.tasks.map((task) => task.cached);
      expect(cached.slice(0, 4)).toEqual([true, true, true, false]);
      expect(view.options?.reuse?.runs).toEqual([second.runId, 'chain']);
    });

    test('bytes that were damaged are made again, and said so', async () => {
      await start('five-stages', 'damaged', { limit: 9, rows: 21 });
      const view = await client.result('damaged');
      damage(view, 'clean', 'cleaned');

      const plan = await client.planRetry('damaged', { parameters: { limit: 0.5 } });
      const { runId } = await client.retry('damaged', { parameters: { limit: 0.5 } });

      const mended = await client.result(runId);
      expect(plan.tasks[1]).toMatchObject({
        action: 'run',
        reason: 'its output "cleaned" is damaged',
      });
      expect(plan.tasks[2]).toMatchObject({ action: 'depends', reason: 'downstream of clean' });
      // The same bytes came out again, so what follows was taken over.
      const cached = mended.tasks.map((task) => task.cached);
      expect(cached.slice(0, 4)).toEqual([true, false, true, false]);
      expect(mended.tasks[1]!.reason).toBe('its output "cleaned" is damaged');
    });

    test('goes on with a changed pipeline: comments and descriptions run nothing again', async () => {
      const text = readFileSync(FIVE_STAGES, 'utf8');
      const changed = text
        .replace('if limit > 1:', 'if limit > 100:')
        .replace('def clean(', '# rewritten for clarity\\n\\ndef clean(')
        .replace(/^/u, '# a comment\n');
      const file = join(home.project, 'changed.yaml');
      writeFileSync(file, changed);

      const plan = await json<PlanJson>('retry', 'mended', '--with', file, '--dry-run');
      const run = await json<RunJson>('retry', 'mended', '--with', file);

      expect(changed).toContain('rewritten for clarity');
      expect(plan.tasks.slice(0, 3).map(({ action }) => action)).toEqual([
        'reuse',
        'reuse',
        'reuse',
      ]);
      expect(run.status).toBe('succeeded');
      expect(cachedOf(run).slice(0, 4)).toEqual([true, true, true, false]);
    });

    test('of a loop only the iterations that failed run again', async () => {
      const file = join(home.project, 'needed.txt');
      await start('groups', 'loop', { numbers: [1, 2, 3], path: file });
      const failed = await client.result('loop');
      const plan = await client.planRetry('loop', {});
      writeFileSync(file, '');

      const { runId } = await client.retry('loop', {});

      const view = await client.result(runId);
      expect([failed.status, view.status]).toEqual(['failed', 'succeeded']);
      expect(actionsOf(plan, 'needs-file')).toEqual(['reuse', 'run', 'reuse']);
      expect(
        view.tasks.filter(({ name }) => name.endsWith('/needs-file')).map(({ cached }) => cached),
      ).toEqual([true, false, true]);
      expect(view.tasks.find(({ name }) => name.endsWith('/total'))?.outputs).toMatchObject({
        parameters: { Output: 60 },
      });
    });

    test('E_STATE says what to do about a run that goes on, or has nothing left to do', async () => {
      const gate = await startWaiting('running');

      const whileRunning = client.retry('running', {});

      await expect(whileRunning).rejects.toMatchObject({
        code: 'E_STATE',
        hint: expect.stringContaining('anneal cancel running') as string,
      });
      open(gate);
      await client.result('running');
      await expect(client.retry('running', {})).rejects.toMatchObject({
        code: 'E_STATE',
        hint: expect.stringContaining('--from') as string,
      });
    });

    test('an unknown task of --from is refused with the nearest one', async () => {
      await expect(client.retry('mended', { from: 'clena' })).rejects.toMatchObject({
        code: 'E_NOT_FOUND',
        message: expect.stringContaining('"clean"') as string,
      });
    });

    test('a run that was canceled goes on where it stood', async () => {
      const gate = await startWaiting('canceled');
      await client.cancel('canceled');
      const canceled = await client.result('canceled');
      open(gate);

      const { runId } = await client.retry('canceled', {});

      const view = await client.result(runId);
      expect([canceled.status, view.status]).toEqual(['canceled', 'succeeded']);
    });

    test('a run that was terminated goes on where it stood', async () => {
      const gate = await startWaiting('terminated');
      await terminate('terminated');
      const ended = await client.result('terminated');
      open(gate);

      const { runId } = await client.retry('terminated', {});

      const view = await client.result(runId);
      expect(ended).toMatchObject({
        status: 'failed',
        error: { message: expect.stringContaining('The run was terminated') as string },
      });
      expect([view.status, view.retriedFrom]).toEqual(['succeeded', 'terminated']);
    });

    test('another run is made of one, but for a parameter', async () => {
      const run = await json<RunJson>('run', '--clone', 'mended', '-p', 'limit=0.25');

      expect(run).toMatchObject({ status: 'succeeded', outputs: { Output: 'score 0.05' } });
    });
  });

  describe('anneal pause', () => {
    test('no task starts until the run is resumed, whatever becomes of the worker', async () => {
      const gate = await startWaiting('held');

      const paused = await home.call('pause', 'held', '--reason', 'lunch');
      open(gate);
      await waitUntil('the running task has ended', async () => statusOf('held', 'wait-for'));
      killWorker();
      const shown = await waitUntil('a worker answers again', async () => {
        const answer = await home.call('show', 'held');
        return answer.exitCode === 0 && answer;
      });
      const before = await client.show('held');
      const resumed = await home.call('resume', 'held');
      const view = await client.result('held');

      expect(paused.stdout).toContain('Still to end: exit-handler-1/wait-for');
      expect(shown.stdout).toContain('(lunch): no task starts');
      expect(before.paused?.reason).toBe('lunch');
      expect(before.tasks.find(({ name }) => name.endsWith('/echo-2'))?.status).toBe('pending');
      expect([paused.exitCode, shown.exitCode, resumed.exitCode]).toEqual([0, 0, 0]);
      expect([view.status, view.paused]).toEqual(['succeeded', undefined]);
    });

    test('a paused run can be canceled, and its exit tasks run', async () => {
      const gate = await startWaiting('held-canceled');
      await client.pause('held-canceled');
      open(gate);
      await waitUntil('the running task has ended', async () =>
        statusOf('held-canceled', 'wait-for'),
      );

      await client.cancel('held-canceled');

      const view = await client.result('held-canceled');
      expect(view.status).toBe('canceled');
      expect(view.tasks.map(({ name, status }) => [name, status])).toEqual(
        expect.arrayContaining([
          ['exit-handler-1/echo-2', 'not_triggered'],
          ['echo', 'succeeded'],
        ]),
      );
    });

    test('a run that has ended is neither paused nor resumed', async () => {
      await expect(client.pause('mended')).rejects.toMatchObject({ code: 'E_STATE' });
      expect((await home.call('resume', 'mended')).exitCode).toBe(3);
    });
  });

  test('anneal explain tells the cause from its cascade, with the command to go on', async () => {
    const { stdout } = await home.call('explain', 'mended');
    const explained = await json<{ causes: unknown[]; cascade: unknown[] }>('explain', 'mended');

    expect(stdout).toContain('task judge (exit code 1)');
    expect(stdout).toContain('limit must be at most 1, not 7');
    expect(stdout).toContain('anneal retry mended -p limit=7');
    expect(stdout).toContain('announce: judge: failed');
    expect(explained.causes).toHaveLength(1);
    expect(explained.cascade).toHaveLength(1);
  });

  /** Starts a published pipeline of this project's support folder. */
  async function start(
    name: string,
    runId: string,
    parameters: Record<string, string | number | readonly number[]>,
  ): Promise<void> {
    const text = readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8');
    const published = await client.publish({ name, text: writePipeline(readPipeline(text, name)) });
    const pipeline: PipelineReference = { name: published.name, digest: published.digest };
    await client.start({ pipeline, runId, parameters });
  }

  /** Ends a run from outside, as `temporal workflow terminate` does. */
  async function terminate(runId: string): Promise<void> {
    const { address, namespace } = lease.connection;
    const connection = await Connection.connect({ address });
    await new Client({ connection, namespace }).workflow.getHandle(runId).terminate('by hand');
    await connection.close();
  }

  /** Starts a run whose first task waits for a file. @returns the file */
  async function startWaiting(runId: string): Promise<string> {
    const gate = join(home.project, `${runId}.gate`);
    await start('waiting', runId, { path: gate });
    await waitUntil(`${runId} waits`, async () => statusOf(runId, 'wait-for', 'running'));
    return gate;
  }

  async function statusOf(runId: string, task: string, status = 'succeeded'): Promise<boolean> {
    const { tasks } = await client.show(runId);
    return tasks.some((each) => each.name.endsWith(task) && each.status === status);
  }

  async function json<Result>(...args: readonly string[]): Promise<Result> {
    const { stdout, stderr } = await home.call(...args, '--json');
    try {
      return JSON.parse(stdout) as Result;
    } catch {
      throw new Error(`no JSON on stdout: ${stdout}\n${stderr}`);
    }
  }

  /** Tasks of a run that had a try of their own, sorted. */
  async function executionsOf(runId: string): Promise<string[]> {
    const manifests = await readManifests(home.folder);
    return manifests
      .filter(({ run, cachedFrom }) => run.runId === runId && cachedFrom === undefined)
      .map(({ task }) => task)
      .sort();
  }

  function killWorker(): void {
    const state = readFileSync(join(home.folder, 'service', 'state.json'), 'utf8');
    const { processes } = JSON.parse(state) as { processes: { pid: number }[] };
    process.kill(processes[1]!.pid, 'SIGKILL'); // the first is the server
  }
});

function open(gate: string): void {
  writeFileSync(gate, '');
}

function cachedOf(run: RunJson): boolean[] {
  return STAGES.map((stage) => run.tasks.find(({ name }) => name === stage)!.cached);
}

function actionsOf({ tasks }: PlanJson, ending: string): string[] {
  return tasks.filter(({ name }) => name.endsWith(`/${ending}`)).map(({ action }) => action);
}

/** Changes the bytes of an output behind the store's back. */
function damage({ tasks }: RunView, task: string, output: string): void {
  const artifact = tasks.find(({ name }) => name === task)!.outputs!.artifacts[output]![0]!;
  const file = fileURLToPath(artifact.uri);
  chmodSync(file, 0o600);
  writeFileSync(file, 'damaged');
}
