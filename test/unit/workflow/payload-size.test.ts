import { expect, test } from 'vitest';
import type { RunView, TaskView } from '../../../src/contract/index.js';
import { assertSendable, fitView } from '../../../src/workflow/payload-size.js';

const LIMIT_BYTES = 1024 * 1024;

function view(tasks: readonly TaskView[]): RunView {
  return {
    runId: 'r',
    pipeline: 'p',
    digest: 'sha256:0',
    status: 'succeeded',
    startedAt: '2026-01-01T00:00:00.000Z',
    parameters: {},
    outputs: {},
    tasks,
    warnings: [],
  };
}

function task(name: string, outputBytes: number): TaskView {
  const parameters = { text: 'x'.repeat(outputBytes) };
  return {
    name,
    kind: 'container',
    status: 'succeeded',
    cached: false,
    attempts: 1,
    outputs: { parameters, artifacts: {} },
  };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('a request of more than 1 MiB is refused with its task and size', () => {
  const request = { task: 'loop/3/train', text: 'é'.repeat(LIMIT_BYTES / 2) };

  expect(() => assertSendable(request)).toThrow(/task "loop\/3\/train" come to 1048\d{3} bytes/);
});

test('a request within the limit passes', () => {
  expect(() => assertSendable({ task: 'train' })).not.toThrow();
});

test('a small view is left as it is', () => {
  const small = view([task('train', 10)]);

  expect(fitView(small)).toBe(small);
});

test("a large view loses its tasks' outputs and keeps their states", () => {
  const fitted = fitView(view([task('a', LIMIT_BYTES), task('b', 10)]));

  expect(fitted.tasks.map(({ name, status, outputs }) => [name, status, outputs])).toEqual([
    ['a', 'succeeded', undefined],
    ['b', 'succeeded', undefined],
  ]);
});

test('a view of very many tasks keeps those at the top and those that did not succeed', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => task(`loop/${index}/work`, 0));
  const failed = { ...task('loop/7/other', 0), status: 'failed' as const };

  const fitted = fitView(view([task('loop', 0), failed, ...many]));

  expect(fitted.tasks.map(({ name }) => name)).toEqual(['loop', 'loop/7/other']);
  expect(bytesOf(fitted)).toBeLessThan(LIMIT_BYTES);
});
