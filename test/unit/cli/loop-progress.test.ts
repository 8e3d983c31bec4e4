import { expect, test } from 'vitest';
import type { RunView, TaskView } from '../../../src/contract/index.js';
import { ChangeLines } from '../../../src/cli/live/change-lines.js';
import { loopProgress } from '../../../src/cli/live/loop-progress.js';

const PLAIN = {
  dim: (text: string) => text,
  red: String,
  green: String,
  yellow: String,
  bold: String,
  cyan: String,
} as never;

function task(name: string, status: TaskView['status'], rest: Partial<TaskView> = {}): TaskView {
  return { name, kind: 'container', status, cached: false, attempts: 1, ...rest };
}

function view(tasks: readonly TaskView[]): RunView {
  return {
    runId: 'r',
    pipeline: 'p',
    digest: 'd',
    status: 'running',
    startedAt: '',
    parameters: {},
    outputs: {},
    tasks,
    warnings: [],
  };
}

const loop = task('loop', 'running', { kind: 'loop' });
const iterations = (done: number, total: number): TaskView[] =>
  Array.from({ length: total }, (_, index) =>
    task(`loop/${index}/work`, index < done ? 'succeeded' : 'running'),
  );

test('a loop of three iterations is listed', () => {
  expect(loopProgress(loop, iterations(1, 3))).toBeUndefined();
});

test('a larger loop counts the iterations whose tasks have all ended', () => {
  expect(loopProgress(loop, iterations(2, 20))).toEqual({ done: 2, total: 20 });
});

test('a loop cut into slices counts what its slices reported', () => {
  const sliced = { ...loop, iterations: { total: 1000, succeeded: 400, failed: 1, canceled: 0 } };

  expect(loopProgress(sliced, [])).toEqual({ done: 401, total: 1000 });
});

test('a log shows a large loop by tenths, and its failures one by one', () => {
  const lines = new ChangeLines();
  lines.next(view([loop, ...iterations(0, 20)]), PLAIN, 0);

  const failed = task('loop/7/work', 'failed', { error: { code: 'E_TASK_EXIT', message: 'boom' } });
  const next = lines.next(
    view([loop, ...iterations(4, 20).map((each) => (each.name === failed.name ? failed : each))]),
    PLAIN,
    0,
  );

  expect(next).toHaveLength(2);
  expect(next[0]).toContain('loop/7/work  failed, E_TASK_EXIT boom');
  expect(next[1]).toContain('loop  5 of 20 done');
});
