// R1: one execution id names one process, whoever asks and however often a worker dies.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { lightweight, shell } from './support/kfp-component.js';
import { childrenOf, processesWith } from './support/processes.js';
import { openBench, rejection, TASKS_FOLDER, type Bench } from './support/runner-bench.js';
import { missingPython, testPython } from './support/test-python.js';
import {
  compileWorker,
  startWorker,
  type StartedWorker,
  type WorkerOrder,
} from './support/worker-process.js';

const COMPONENT = {
  outputDefinitions: { parameters: { Output: { parameterType: 'STRING' } } },
} as const;

describe.skipIf(missingPython())('finding an execution again', () => {
  let compiled: string;
  let bench: Bench;
  /** The task appends one line here each time it is started. */
  let ledger: string;
  /** The task waits for this file. */
  let gate: string;

  beforeAll(async () => {
    compiled = await mkdtemp(path.join(tmpdir(), 'anneal-worker-'));
    await compileWorker(compiled);
  });
  afterAll(() => rm(compiled, { recursive: true, force: true }));
  beforeEach(async () => {
    bench = await openBench({ orphanSeconds: 20 });
    ledger = path.join(bench.folder, 'ledger');
    gate = path.join(bench.folder, 'gate');
  });
  afterEach(() => bench.close());

  function gatedTask() {
    return lightweight(
      `def component() -> str:
    import os, time
    with open(${JSON.stringify(ledger)}, "a") as ledger:
        ledger.write("started\\n")
    while not os.path.exists(${JSON.stringify(gate)}):
        time.sleep(0.02)
    return "done"`,
    );
  }
  function order(runId: string, container: object, options: object = {}): WorkerOrder {
    return {
      storeFolder: path.join(bench.folder, 'store'),
      runId,
      container,
      component: COMPONENT,
      options: {
        basePython: testPython,
        pythonTasksFolder: TASKS_FOLDER,
        environmentsFolder: path.join(bench.folder, 'environments'),
        orphanSeconds: 20,
        graceSeconds: 0.5,
        ...options,
      },
    };
  }
  const starts = async (): Promise<number> =>
    (await readFile(ledger, 'utf8').catch(() => '')).split('\n').filter(Boolean).length;
  async function kill(worker: StartedWorker): Promise<void> {
    const gone = once(worker.child, 'exit');
    worker.child.kill('SIGKILL');
    await gone;
  }

  test('after kill -9 of the worker another one waits for the same process', async () => {
    const first = startWorker(compiled, order('killed', gatedTask()));
    await eventually('the start', async () => (await starts()) === 1);
    await kill(first);

    const second = bench.execute({ run: 'killed', container: gatedTask(), component: COMPONENT });
    await writeFile(gate, '');

    expect((await second).outputs.parameters.Output).toBe('done');
    expect(await starts()).toBe(1);
  });

  test('the warm interpreters of a killed worker end by themselves', async () => {
    const worker = startWorker(compiled, order('zygotes', gatedTask()));
    await eventually('the start', async () => (await starts()) === 1);
    const zygotes = await childrenOf(worker.child.pid!, 'anneal_launcher.zygote');
    await kill(worker);

    expect(zygotes.length).toBe(1);
    await eventually('their end', async () => {
      const left = await processesWith('anneal_launcher.zygote');
      return !zygotes.some((pid) => left.includes(pid));
    });
    await writeFile(gate, '');
  });

  test('a task that finished while no worker lived is not run again', async () => {
    const first = startWorker(compiled, order('finished', gatedTask()));
    await eventually('the start', async () => (await starts()) === 1);
    await kill(first);
    await writeFile(gate, '');
    const exit = path.join(bench.attemptFolder('finished'), '_execution/exit.json');
    await eventually('the end', () =>
      readFile(exit).then(
        () => true,
        () => false,
      ),
    );

    const { outputs } = await bench.execute({
      run: 'finished',
      container: gatedTask(),
      component: COMPONENT,
    });

    expect(outputs.parameters.Output).toBe('done');
    expect(await starts()).toBe(1);
  });

  test('of four workers that start one execution at once, one starts it and all get its result', async () => {
    const workers = [1, 2, 3, 4].map(() => startWorker(compiled, order('raced', gatedTask())));
    await eventually('the start', async () => (await starts()) > 0);
    await writeFile(gate, '');

    const answers = await Promise.all(workers.map(({ answer }) => answer));

    expect(answers.map((answer) => answer?.outputs?.parameters.Output)).toEqual(
      Array(4).fill('done'),
    );
    expect(await starts()).toBe(1);
  });

  test('two calls in one worker share the execution', async () => {
    const task = { run: 'shared', container: gatedTask(), component: COMPONENT };
    const calls = [bench.execute(task), bench.execute(task)];
    await eventually('the start', async () => (await starts()) > 0);
    await writeFile(gate, '');

    await Promise.all(calls);

    expect(await starts()).toBe(1);
  });

  test('a task that no worker asks for ends after orphanSeconds, with all it started', async () => {
    const container = shell(
      `echo started >> ${ledger}; trap "" TERM; sleep 987.5 & setsid sleep 987.5; wait`,
    );
    const worker = startWorker(compiled, order('orphan', container, { orphanSeconds: 1 }));
    await eventually(
      'both sleeps',
      async () => (await processesWith('sleep\x00987.5')).length === 2,
    );
    await kill(worker);

    const file = path.join(bench.attemptFolder('orphan'), '_execution/exit.json');
    const exit = await eventually('the end', () => readFile(file, 'utf8').catch(() => undefined));

    expect(await processesWith('987.5')).toEqual([]);
    expect(JSON.parse(exit)).toMatchObject({ reason: 'orphaned' });
  });

  test('a task lives on as long as its worker does, though it is slower than orphanSeconds', async () => {
    const worker = startWorker(compiled, order('slow', gatedTask(), { orphanSeconds: 0.8 }));
    await eventually('the start', async () => (await starts()) === 1);
    const since = performance.now();
    await eventually('three times orphanSeconds', () => performance.now() - since > 2400);
    await writeFile(gate, '');

    expect((await worker.answer)?.outputs?.parameters.Output).toBe('done');
  });

  test('an orphaned execution is run afresh when a worker asks again', async () => {
    const worker = startWorker(compiled, order('again', gatedTask(), { orphanSeconds: 0.8 }));
    await eventually('the start', async () => (await starts()) === 1);
    await kill(worker);
    const exit = path.join(bench.attemptFolder('again'), '_execution/exit.json');
    await eventually('the orphan', () =>
      readFile(exit).then(
        () => true,
        () => false,
      ),
    );
    await writeFile(gate, '');

    const { outputs } = await bench.execute({
      run: 'again',
      container: gatedTask(),
      component: COMPONENT,
    });

    expect(outputs.parameters.Output).toBe('done');
    expect(await starts()).toBe(2);
  });

  test('a killed supervisor is a lost task: nothing is left, and the next call runs it again', async () => {
    const container = shell(
      `echo started >> ${ledger}; setsid sleep 987.6 & [ -e ${gate} ] || sleep 987.6`,
    );
    const running = rejection(bench.execute({ run: 'lost', container }));
    await eventually(
      'both sleeps',
      async () => (await processesWith('sleep\x00987.6')).length === 2,
    );
    const lease = await readFile(
      path.join(bench.attemptFolder('lost'), '_execution/lease.json'),
      'utf8',
    );
    process.kill((JSON.parse(lease) as { pid: number }).pid, 'SIGKILL');

    expect(await running).toMatchObject({ code: 'E_TASK_LOST', retryable: true });
    expect(await processesWith('987.6')).toEqual([]);
    await writeFile(gate, '');
    await bench.execute({ run: 'lost', container });
    expect(await starts()).toBe(2);
  });

  test('leftovers of an earlier try are gone when an execution is run afresh', async () => {
    const cancel = new AbortController();
    const container = shell(
      `echo started >> ${ledger}; echo old > "$0"; while [ ! -e ${gate} ]; do sleep 0.02; done; ls "$(dirname "$0")"; rm "$0"; printf fresh > "$0"`,
      "{{$.outputs.parameters['Output'].output_file}}",
    );
    const first = rejection(
      bench.execute({ run: 'fresh', container, component: COMPONENT, signal: cancel.signal }),
    );
    await eventually('the start', async () => (await starts()) === 1);
    cancel.abort();
    await first;
    await writeFile(gate, '');

    const { outputs } = await bench.execute({ run: 'fresh', container, component: COMPONENT });

    expect(outputs.parameters.Output).toBe('fresh');
  });

  test('a stopped worker that wakes up after its task was ended says that it was lost', async () => {
    const worker = startWorker(compiled, order('stopped', gatedTask(), { orphanSeconds: 0.8 }));
    await eventually('the start', async () => (await starts()) === 1);
    worker.child.kill('SIGSTOP');
    const exit = path.join(bench.attemptFolder('stopped'), '_execution/exit.json');
    await eventually('the end', () =>
      readFile(exit).then(
        () => true,
        () => false,
      ),
    );
    worker.child.kill('SIGCONT');

    expect((await worker.answer)?.code).toBe('E_TASK_LOST');
  });
});
