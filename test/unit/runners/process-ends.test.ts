// Real processes: nothing is left after an end (R2), and a log is bounded (L1-L3).

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './support/eventually.js';
import { shell } from './support/kfp-component.js';
import { processesWith } from './support/processes.js';
import { openBench, rejection, type Bench } from './support/runner-bench.js';
import { missingPython } from './support/test-python.js';

describe.skipIf(missingPython())('ends and logs of processes', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());

  describe('cancellation (R2)', () => {
    test('a task that ignores TERM is killed, with a grandchild that left its session', async () => {
      const cancel = new AbortController();
      const run = 'stubborn';
      const script =
        'trap "" TERM; (trap "" TERM; setsid sh -c \'trap "" TERM; (sleep 987.2 &) ; sleep 987.2\' & ) ; echo begin; while :; do sleep 987.2; done';
      const running = rejection(
        bench.execute({ run, container: shell(script), signal: cancel.signal }),
      );
      await eventually(
        'three sleeps',
        async () => (await processesWith('sleep\x00987.2')).length >= 3,
      );

      cancel.abort();
      const error = await running;

      expect(error.code).toBe('E_TASK_CANCELED');
      expect(await processesWith('987.2')).toEqual([]);
    });

    test('a task that honours TERM may clean up first', async () => {
      const cancel = new AbortController();
      const script = 'trap "echo cleaned; exit 0" TERM; echo begin; while :; do sleep 0.05; done';
      const running = rejection(
        bench.execute({ run: 'polite', container: shell(script), signal: cancel.signal }),
      );
      const log = path.join(bench.attemptFolder('polite'), 'log.txt');
      await eventually('begin', async () =>
        (await readFile(log, 'utf8').catch(() => '')).includes('begin'),
      );

      cancel.abort();
      await running;

      expect(await readFile(log, 'utf8')).toContain('cleaned');
    });

    test('a task canceled before its start never starts', async () => {
      const error = await rejection(
        bench.execute({
          run: 'never',
          container: shell('echo started'),
          signal: AbortSignal.abort(),
        }),
      );

      expect(error.code).toBe('E_TASK_CANCELED');
      await expect(stat(path.join(bench.attemptFolder('never'), 'log.txt'))).rejects.toThrow();
    });

    test('a background process that outlives its task is ended with it', async () => {
      await bench.execute({ container: shell('(sleep 987.3 &) ; setsid sleep 987.3 & echo done') });

      expect(await processesWith('987.3')).toEqual([]);
    });

    test('close ends what this worker started, as lost rather than canceled', async () => {
      const own = await openBench();
      const running = rejection(own.execute({ container: shell('sleep 987.4') }));
      await eventually('the sleep', async () => (await processesWith('987.4')).length > 0);

      await own.close();

      expect(await running).toMatchObject({ code: 'E_TASK_LOST', retryable: true });
      expect(await processesWith('987.4')).toEqual([]);
      expect(await processesWith(own.folder)).toEqual([]);
    });
  });

  describe('the log', () => {
    test('a flood keeps its head and its tail, and the worker its memory (L1, L2)', async () => {
      const before = process.memoryUsage().rss;
      const { logPath } = await bench.execute({
        container: shell(
          'echo first; head -c 1000000000 /dev/zero; head -c 50000000 /dev/zero | tr "\\0" x; echo; echo last',
        ),
      });

      const { size } = await stat(logPath);
      const log = await readFile(logPath);
      expect(size).toBeLessThan(10_001_000);
      expect(log.subarray(0, 6).toString()).toBe('first\n');
      expect(log.subarray(-5).toString()).toBe('last\n');
      expect(log.includes('bytes of log left out here')).toBe(true);
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    }, 60_000);

    test('any bytes are kept as they are (L3)', async () => {
      const { logPath } = await bench.execute({
        container: shell("printf 'a\\377\\000\\033[31mb\\r\\n'"),
      });

      expect([...(await readFile(logPath))]).toEqual([97, 255, 0, 27, 91, 51, 49, 109, 98, 13, 10]);
    });

    test('a log just above the limit loses nothing but what the marker counts', async () => {
      const { logPath } = await bench.execute({ container: shell('head -c 10000100 /dev/zero') });

      const text = (await readFile(logPath)).toString('latin1');
      expect(/\[anneal: 100 bytes of log left out here\]/.test(text)).toBe(true);
      expect(text.replaceAll('\0', '').length).toBeLessThan(60);
    });
  });
});
