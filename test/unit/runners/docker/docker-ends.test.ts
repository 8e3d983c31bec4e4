// Real containers: how a task fails, and that nothing of it is left.

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LET_GO } from '../../../../src/runners/index.js';
import {
  lightweight,
  missingDocker,
  openDockerBench,
  shell,
  TEST_IMAGE,
  type DockerBench,
} from '../support/docker-bench.js';
import { eventually } from '../support/eventually.js';
import { rejection } from '../support/runner-bench.js';

// Containers start in a second, on a loaded machine in many.
vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(await missingDocker())('how a container ends', () => {
  let bench: DockerBench;
  beforeAll(async () => {
    bench = await openDockerBench();
  });
  afterAll(() => bench.close());

  test('an exit code is a failure of the task, with the end of its log', async () => {
    const error = await rejection(bench.execute({ container: shell('echo oh no >&2; exit 3') }));

    expect(error).toMatchObject({ code: 'E_TASK_EXIT', retryable: false });
    expect(error.details).toMatchObject({ exitCode: 3, logTail: 'oh no' });
  });

  test('what the task says about itself goes before its exit code (X2)', async () => {
    const report = JSON.stringify({ code: 'E_DATA', message: 'no rows', hint: 'add some' });

    const error = await rejection(
      bench.execute({ container: shell(`printf '${report}' > "$ANNEAL_ERROR_FILE"; exit 1`) }),
    );

    expect(error).toMatchObject({ code: 'E_DATA', message: 'no rows' });
  });

  test('going over the memory limit is an error of its own, with the limit', async () => {
    const container = {
      ...lightweight('def component():\n    block = bytearray(400 * 2**20)\n    print(len(block))'),
      resources: { resourceMemoryLimit: '128Mi' },
    };

    const error = await rejection(bench.execute({ container }));

    expect(error.code).toBe('E_TASK_MEMORY');
    expect(error.message).toContain('limit 128 MiB');
  });

  test('a signal of its own making has its name', async () => {
    const error = await rejection(
      bench.execute({ container: lightweight('def component():\n    import os\n    os.abort()') }),
    );

    expect(error).toMatchObject({ code: 'E_TASK_SIGNAL', retryable: false });
    expect(error.message).toContain('SIGABRT');
  });

  test('a container that is killed by hand is a lost task, and runs afresh (X3)', async () => {
    const container = shell('[ -e /data/mark ] || { touch /data/mark; sleep 300; }');
    const mounts = [
      { where: 'pvcMount[0]', kind: 'volume', name: 'mark', mountPath: '/data', optional: false },
    ] as const;
    const platform = { variables: [], mounts, fields: [], labels: {}, annotations: {} };
    const task = { run: 'killed-by-hand', container, platform };
    const lost = rejection(bench.execute(task));
    const { Id } = await bench.running('killed-by-hand');
    await eventually(
      'the mark',
      () => stat(path.join(bench.folder, 'volumes/mark/mark')).catch(() => undefined),
      60_000,
    );
    await bench.docker.getContainer(Id).kill();

    expect(await lost).toMatchObject({ code: 'E_TASK_LOST', retryable: true });
    await bench.execute(task);
  });

  test('a timeout ends a task that ignores TERM, and all it started', async () => {
    const error = await rejection(
      bench.execute({
        container: shell('trap "" TERM; setsid sleep 300 & sleep 300; sleep 300'),
        timeoutSeconds: 2,
      }),
    );

    expect(error).toMatchObject({ code: 'E_TASK_TIMEOUT', retryable: false });
    expect(await bench.containers()).toEqual([]);
  });

  test('a canceled task is gone before the promise settles, with all it started (R2)', async () => {
    const cancel = new AbortController();
    const running = rejection(
      bench.execute({
        run: 'canceled',
        container: shell('sleep 300 & sleep 300'),
        signal: cancel.signal,
      }),
    );
    await bench.running('canceled');
    cancel.abort();

    expect((await running).code).toBe('E_TASK_CANCELED');
    expect(await bench.containers()).toEqual([]);
  });

  test('a task that is let go runs on, and another call waits for the same container (W3)', async () => {
    const letGo = new AbortController();
    const container = shell('sleep 4; echo finished');
    const first = rejection(bench.execute({ run: 'let-go', container, signal: letGo.signal }));
    const { Id } = await bench.running('let-go');
    letGo.abort(LET_GO);
    await first;

    const second = bench.execute({ run: 'let-go', container });
    const again = await bench.running('let-go');

    expect(again.Id).toBe(Id);
    expect(await readFile((await second).logPath, 'utf8')).toBe('finished\n');
  });

  test('a flood of output is cut in the middle, and the worker keeps its size (L1, L2)', async () => {
    const before = process.memoryUsage().rss;
    const { logPath } = await bench.execute({
      container: shell('echo first; head -c 60000000 /dev/zero | tr "\\0" x; echo; echo last'),
    });

    const log = await readFile(logPath, 'latin1');
    expect(log.length).toBeLessThan(10_100_000);
    expect(log.startsWith('first\nxxx')).toBe(true);
    expect(log).toMatch(/\[anneal: \d+ bytes of log left out here\]/);
    expect(log.endsWith('x\nlast\n')).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });

  test('a log grows while the task runs', async () => {
    const running = bench.execute({ run: 'log', container: shell('echo begun; sleep 5') });

    const log = path.join(bench.attemptFolder('log'), 'log.txt');
    await eventually(
      'the first line',
      async () => (await readFile(log, 'utf8').catch(() => '')) === 'begun\n',
      60_000,
    );
    expect((await bench.running('log')).State.Running).toBe(true);
    await running;
  });

  test('a program that the image does not have is an error of the image', async () => {
    const error = await rejection(
      bench.execute({ container: { image: TEST_IMAGE, command: ['no-such-program'], args: [] } }),
    );

    expect(error).toMatchObject({ code: 'E_IMAGE', retryable: false });
    expect(error.message).toContain('no-such-program');
  });

  test('a command line that the system refuses is a typed error', async () => {
    const error = await rejection(
      bench.execute({
        container: shell('exit 0', "{{$.inputs.parameters['text']}}"),
        inputs: { parameters: { text: 'x'.repeat(300_000) } },
      }),
    );

    expect(error.code).toBe('E_VALUE_SIZE');
  });

  test('without a command the entrypoint of the image gets the arguments (H2)', async () => {
    const error = await rejection(
      bench.execute({ container: { image: TEST_IMAGE, command: [], args: ['no-such-argument'] } }),
    );

    expect(error.message).toContain('no-such-argument');
  });

  test('an image that is nowhere is refused before the run, with the remedy', async () => {
    const spec = { component: 'train', image: 'localhost:1/nowhere:9', command: [], args: [] };

    const error = await rejection(bench.runner.check(spec));

    expect(error).toMatchObject({ code: 'E_IMAGE', retryable: false });
    expect(error.message).toContain('localhost:1/nowhere:9');
  });

  test('a moved tag is another digest (I1)', async () => {
    const choice = { image: 'anneal-test-moved:1', command: [], args: [] };
    await bench.docker.getImage(TEST_IMAGE).tag({ repo: 'anneal-test-moved', tag: '1' });
    const before = await bench.runner.environmentDigest(choice);
    const { id } = await bench.docker.createContainer({ Image: TEST_IMAGE, Cmd: ['true'] });
    await bench.docker.getContainer(id).commit({ repo: 'anneal-test-moved', tag: '1' });
    await bench.docker.getContainer(id).remove();

    const after = await bench.runner.environmentDigest(choice);
    await bench.docker.getImage('anneal-test-moved:1').remove();

    expect(before).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(after).not.toBe(before);
  });
});
