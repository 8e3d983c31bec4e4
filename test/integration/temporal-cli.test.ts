// Every command of docs/temporal-cli.md, run as it stands there.

import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../src/contract/index.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { docCommands } from '../support/doc-commands.js';
import { hasBegun } from '../support/has-begun.js';
import { readManifests } from '../support/read-manifests.js';
import { TEMPORAL_CLI } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';

interface WorkflowResult {
  readonly status: string;
  readonly result?: RunView;
  readonly closeEvent: { readonly workflowExecutionFailedEventAttributes?: { failure: Failure } };
}
interface Failure {
  readonly message: string;
  readonly applicationFailureInfo: { readonly type: string };
}

describe.skipIf(TEST_PYTHON === undefined)('docs/temporal-cli.md', () => {
  const home = new AnnealHome({
    ANNEAL_POLICIES: JSON.stringify([
      { endpoints: ['churn-approved'], approval: { timeoutHours: 48 } },
    ]),
  });
  const commands = docCommands('temporal-cli.md');
  let address: string;

  beforeAll(async () => {
    cpSync('examples/churn', join(home.project, 'examples/churn'), { recursive: true });
    address = await home.serve(...take('anneal dev').split(' ').slice(2));
    take('export TEMPORAL_ADDRESS');
  });
  afterAll(() => home.close());

  test('a pipeline is started by its name, and answers for its state and its result', async () => {
    await run(take('--workflow-id churn-1 \\'));

    const live = await run(take('workflow query --workflow-id churn-1'));
    const { stdout } = await run(take('workflow result --workflow-id churn-1'));

    expect(live.stdout).toContain('"pipeline":"ml-training-pipeline"');
    expect(stdout).toMatch(/Status\s+COMPLETED/);
    const { result } = await resultOf('churn-1');
    expect(result).toMatchObject({
      runId: 'churn-1',
      version: 1,
      status: 'succeeded',
      parameters: { n_estimators: 10, test_split: 0.2 },
      deployment: { status: 'promoted', endpoint: 'churn-model-prod' },
    });
    expect(result?.tasks.map(({ name, status }) => [name, status])).toEqual(
      ['import', 'preprocess', 'train', 'evaluate', 'condition-1', 'condition-1/deploy-model'].map(
        (name) => [name, 'succeeded'],
      ),
    );
  }, 120_000);

  test('type pipeline takes a version and options; the gate refuses without failing', async () => {
    await run(take('--workflow-id churn-2 \\'));

    const { status, result } = await resultOf('churn-2');

    expect(status).toBe('COMPLETED');
    expect(result?.deployment).toMatchObject({
      status: 'refused',
      endpoint: 'churn-model-prod',
      reason: expect.stringContaining('below the threshold 0.85') as string,
    });
  }, 120_000);

  test('runs are found by pipeline and outcome', async () => {
    const list = take('AnnealPipeline=');

    const found = await waitUntil('the refused run is listed', async () => {
      const { stdout } = await run(list);
      return stdout.includes('churn-2') && stdout;
    });

    expect(found).not.toContain('churn-1');
  });

  test('a paused run that waits is approved by an update, and deploys when it is resumed', async () => {
    const query = take('AnnealOutcome="waiting_approval"');
    await run(take('--workflow-id churn-7 \\'));
    await waitUntil('the run is found waiting', async () =>
      (await run(query)).stdout.includes('churn-7'),
    );

    await run(take('--workflow-id churn-7 --name pause'));
    const approved = await run(take('--name approve'));
    const paused = await home.call('show', 'churn-7', '--json');
    await run(take('--workflow-id churn-7 --name resume'));

    const { result } = await resultOf('churn-7');
    expect(approved.stdout).toContain('by:ada');
    expect(JSON.parse(paused.stdout)).toMatchObject({
      paused: { by: 'ada', reason: 'the warehouse is down' },
      status: 'running',
    });
    expect(result?.deployment).toMatchObject({
      status: 'promoted',
      approval: { by: 'ada', reason: 'checked with marketing' },
    });
    const manifest = await manifestOf('churn-7', 'condition-1/deploy-model');
    expect(manifest).toMatchObject({ deployment: { approval: { by: 'ada' } } });
    const model = await home.call('models', 'show', 'churn-approved', '--json');
    expect(JSON.parse(model.stdout)).toMatchObject({
      versions: [{ verdict: 'accepted', approvedBy: 'ada', stage: 'champion' }],
    });
    const queue = await run(take('--type queue'));
    expect(queue.stdout).toContain('churn-7');
  }, 120_000);

  test('a model that a person rejects is refused; an empty approver is not heard', async () => {
    await run(take('--workflow-id churn-8 \\'));
    const shown = await waitUntil('the run waits', async () => {
      const { stdout } = await home.call('show', 'churn-8');
      return stdout.includes('Waits for an approval') && stdout;
    });
    const listed = await home.call('runs', '--outcome', 'waiting_approval');
    const empty = await home.call('approve', 'churn-8', '--by', ' ');

    await run(take('--name reject'));

    const { result } = await resultOf('churn-8');
    expect(shown).toContain('anneal approve churn-8, or anneal reject churn-8');
    expect(listed.stdout).toContain('churn-8');
    expect(empty).toMatchObject({ exitCode: 3 });
    expect(empty.stderr).toContain('E_PARAM');
    expect(result).toMatchObject({
      status: 'succeeded',
      deployment: { status: 'refused', reason: 'rejected by ada: one is enough' },
    });
    const late = await home.call('approve', 'churn-8');
    expect(late.stderr).toContain('E_STATE');
  }, 120_000);

  test('a canceled run ends as Canceled, and none of its processes is left', async () => {
    const keptWarm = home.processes();
    await run(take('--workflow-id churn-3 \\'));
    await waitUntil('train has begun', () => hasBegun(home.folder, 'train', 'churn-3'));
    expect(home.processes().length).toBeGreaterThan(keptWarm.length);

    await run(take('workflow cancel --workflow-id churn-3'));

    expect((await resultOf('churn-3')).status).toBe('CANCELED');
    expect(home.processes()).toEqual(keptWarm);
    const shown = await home.call('show', 'churn-3', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ status: 'canceled' });
  }, 120_000);

  test('a version in the type is the version that runs', async () => {
    await run(take('--type ml-training-pipeline@1 '));

    const { status, result } = await resultOf('churn-5');

    expect(status).toBe('COMPLETED');
    expect(result).toMatchObject({ pipeline: 'ml-training-pipeline', version: 1 });
  }, 120_000);

  test('a terminated run is a failed run with the reason, and its processes end', async () => {
    await run(take('--workflow-id churn-6 \\'));
    await waitUntil('train runs', () => hasBegun(home.folder, 'train', 'churn-6'));
    const supervisor = supervisorOf('churn-6', 'train');

    await run(take('workflow terminate --workflow-id churn-6'));

    const shown = JSON.parse((await home.call('show', 'churn-6', '--json')).stdout) as RunJson;
    expect(shown).toMatchObject({
      status: 'failed',
      error: {
        code: 'E_RUN_TERMINATED',
        message: expect.stringContaining('wrong data set') as string,
      },
    });
    expect(statesOf(shown)).toMatchObject({ preprocess: 'succeeded', train: 'canceled' });
    const { stdout } = await home.call('runs', '--status', 'failed', '--json');
    expect(stdout).toContain('"churn-6"');
    await waitUntil('its process has ended', () => !isAlive(supervisor), 90_000);
  }, 180_000);

  test('a reset run goes on under its id, and runs nothing again that had finished', async () => {
    const before = await manifestOf('churn-6', 'preprocess');

    await run(take('workflow reset --workflow-id churn-6'));

    const { status, result } = await resultOf('churn-6');
    expect(status).toBe('COMPLETED');
    expect(result?.deployment?.status).toBe('promoted');
    expect(await manifestOf('churn-6', 'preprocess')).toEqual(before);
    const shown = JSON.parse((await home.call('show', 'churn-6', '--json')).stdout) as RunJson;
    expect(shown).toMatchObject({ status: 'succeeded' });
  }, 240_000);

  test('a schedule of Temporal starts runs, now and for past times', async () => {
    await run(take('schedule create'));
    expect((await run(take('schedule describe'))).stdout).toContain('Europe/Berlin');
    const ours = await home.call('schedules', 'describe', 'churn-nightly', '--json');
    expect(JSON.parse(ours.stdout)).toMatchObject({
      pipeline: 'ml-training-pipeline',
      version: 1,
      overlap: 'skip',
      catchupWindow: '1h',
      pauseOnFailure: true,
    });

    await run(take('schedule trigger'));
    const triggered = await scheduledRun(/^churn-nightly-20/);
    expect((await resultOf(triggered)).result).toMatchObject({ status: 'succeeded' });
    expect((await resultOf(triggered)).result?.scheduledAt).toBe(
      `${triggered.slice('churn-nightly-'.length, -1)}.000Z`,
    );

    await run(take('schedule toggle --schedule-id churn-nightly --pause'));
    await run(take('schedule toggle --schedule-id churn-nightly --unpause'));
    await run(take('schedule backfill'));
    const backfilled = await scheduledRun(/2026-01-05T05:00:00Z$/);
    expect((await resultOf(backfilled)).status).toBe('COMPLETED');
    expect((await run(take('TemporalScheduledById='))).stdout).toContain(backfilled);
    expect((await run(take('schedule list'))).stdout).toContain('churn-nightly');

    await run(take('schedule delete'));

    const gone = await home.call('schedules', 'describe', 'churn-nightly');
    expect(gone.stderr).toContain('E_NOT_FOUND');
  }, 180_000);

  test('a wrong parameter fails the workflow with its code, its place and the remedy', async () => {
    await run(take('--workflow-id churn-4 \\'));

    const failure = await failureOf('churn-4');

    expect(failure.applicationFailureInfo.type).toBe('E_PARAM');
    expect(failure.message).toBe(
      'The parameter "n_estimators" is "many"; expected int, a whole number within ±(2^53 - 1). ' +
        'Give "n_estimators" a value of that type.',
    );
  });

  test.each([
    ['no pipeline', 'pipeline', '{"data_path": "a.csv"}', 'E_PARAM', '$.pipeline'],
    ['parameters of another form', 'ml-training-pipeline', '"a.csv"', 'E_PARAM', '$.parameters'],
    ['a missing parameter', 'ml-training-pipeline', '{}', 'E_PARAM', '"data_path"'],
    ['a slice of no run', 'pipelineSlice', '{}', 'E_PARAM', 'started by it only'],
    ['an unknown name', 'ml-training-pipelin', '{}', 'E_NOT_FOUND', '"ml-training-pipeline"?'],
  ])('input with %s is refused by type %s %s as %s', async (title, type, input, code, words) => {
    const id = title.replaceAll(' ', '-');
    await run(start(type, id, input));

    const failure = await failureOf(id);

    expect(failure.applicationFailureInfo.type).toBe(code);
    expect(failure.message).toContain(words);
  });

  test("a closed run's id is refused, whatever the second start asks for", async () => {
    await run(
      start('ml-training-pipeline', 'churn-1', `{"data_path": "examples/churn/wa_churn.csv"}`),
    );

    const failure = await failureOf('churn-1');

    expect(failure.applicationFailureInfo.type).toBe('E_ALREADY_STARTED');
    const shown = await home.call('show', 'churn-1', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ status: 'succeeded' });
  });

  test('a running run keeps its id: the same start twice is one run', async () => {
    const command = start(
      'ml-training-pipeline',
      'twice',
      `{"data_path": "examples/churn/mlc_churn.csv", "n_estimators": 5000}`,
    );
    const ids = [await run(command), await run(command)].map(({ stdout }) => executionId(stdout));

    await run('temporal workflow cancel --workflow-id twice');

    expect(ids[1]).toBe(ids[0]);
    expect((await resultOf('twice')).status).toBe('CANCELED');
  });

  test('no command of the page was left out', () => {
    expect(commands).toEqual([]);
  });

  /** Process that supervises a task's first try; all that it started ends with it. */
  function supervisorOf(runId: string, task: string): number {
    const attempt = join(home.folder, 'store', 'runs', runId, 'tasks', task, '_attempts', '1');
    const lease = readFileSync(join(attempt, '_execution', 'lease.json'), 'utf8');
    return (JSON.parse(lease) as { pid: number }).pid;
  }

  function manifestOf(runId: string, task: string): Promise<object> {
    return readManifests(home.folder).then((all) =>
      all.find((manifest) => manifest.run.runId === runId && manifest.task === task)!,
    );
  }

  /** Id of a run that a schedule has started. */
  function scheduledRun(pattern: RegExp): Promise<string> {
    return waitUntil(`a run ${pattern.source} has started`, async () => {
      const { stdout } = await run('temporal workflow list -o json');
      const listed = JSON.parse(stdout) as { execution: { workflowId: string } }[];
      return listed.map(({ execution }) => execution.workflowId).find((id) => pattern.test(id));
    });
  }

  /** Takes the block that holds these words off the page. */
  function take(words: string): string {
    const index = commands.findIndex((command) => command.includes(words));
    if (index < 0) throw new Error(`the page has no block with "${words}"`);
    return commands.splice(index, 1)[0]!;
  }

  function run(command: string): Promise<{ stdout: string }> {
    return execa('bash', ['-euc', command], {
      cwd: home.project,
      env: {
        PATH: `${dirname(TEMPORAL_CLI)}:${process.env['PATH']}`,
        TEMPORAL_ADDRESS: address,
      },
    });
  }

  function start(type: string, id: string, input: string): string {
    return `temporal workflow start --task-queue anneal --type ${type} --workflow-id ${id} --input '${input}'`;
  }

  async function resultOf(id: string): Promise<WorkflowResult> {
    const { stdout } = await run(`temporal workflow result --workflow-id ${id} -o json || true`);
    return JSON.parse(stdout) as WorkflowResult;
  }

  async function failureOf(id: string): Promise<Failure> {
    const { closeEvent } = await resultOf(id);
    return closeEvent.workflowExecutionFailedEventAttributes!.failure;
  }
});

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function statesOf({ tasks }: RunJson): Record<string, string> {
  return Object.fromEntries(tasks.map(({ name, status }) => [name, status]));
}

function executionId(stdout: string): string | undefined {
  return /RunId\s+(\S+)/.exec(stdout)?.[1];
}

/** The object that a command prints before it goes on. */
