import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { ChangeLines } from '../../../src/cli/live/change-lines.js';
import { taskTree } from '../../../src/cli/live/task-tree.js';
import type { RunView, TaskView } from '../../../src/contract/index.js';
import { CHURN_RUN } from '../viewer/churn-run.js';

const PLAIN = createColors(false);
const NOW = Date.parse('2026-01-31T09:45:10.000Z');

const task = (name: string, rest: Partial<TaskView> = {}): TaskView => ({
  name,
  kind: 'container',
  status: 'succeeded',
  cached: false,
  attempts: 1,
  ...rest,
});

const run = (tasks: readonly TaskView[]): RunView => ({ ...CHURN_RUN, tasks });

describe('the tree of tasks', () => {
  it('shows states, times, the cache and tries', () => {
    const lines = taskTree(
      run([
        task('import', { kind: 'importer', attempts: 0, seconds: 0.12 }),
        task('preprocess', { cached: true, seconds: 0.02 }),
        task('train', { attempts: 2, seconds: 4.61 }),
        task('evaluate', { status: 'running', startedAt: '2026-01-31T09:45:07.000Z' }),
        task('deploy-condition', { kind: 'dag', status: 'pending', attempts: 0 }),
        task('deploy-condition/deploy', { kind: 'deploy', status: 'pending', attempts: 0 }),
      ]),
      PLAIN,
      NOW,
    );

    expect(lines).toEqual([
      '  ✓ import            0.12 s',
      '  ✓ preprocess        0.02 s, cached',
      '  ✓ train             4.6 s, try 2',
      '  ▸ evaluate          3.0 s…',
      '  · deploy-condition',
      '    · deploy',
    ]);
  });

  it('says why a task did not run', () => {
    const [line] = taskTree(
      run([task('deploy', { status: 'skipped', attempts: 0, reason: 'passed == false' })]),
      PLAIN,
      NOW,
    );

    expect(line).toBe('  – deploy  skipped: passed == false');
  });

  it('sums a long loop up and shows only what runs or failed (T2)', () => {
    const iterations = Array.from({ length: 20 }, (_, index) =>
      task(`loop/${index}`, { kind: 'dag', status: index < 7 ? 'succeeded' : 'pending' }),
    );
    iterations[7] = task('loop/7', { kind: 'dag', status: 'running' });
    const loop = task('loop', { kind: 'loop', status: 'running', attempts: 0 });

    const lines = taskTree(run([loop, ...iterations]), PLAIN, NOW);

    expect(lines).toEqual(['  ▸ loop  7 of 20 done', '    ▸ 7']);
  });
});

describe('lines of changes', () => {
  it('writes one line for each change and none for what stays', () => {
    const changes = new ChangeLines();
    const running = run([task('train', { status: 'running' })]);
    const done = run([task('train', { seconds: 2 })]);

    const lines = [running, running, done, done].flatMap((view) => changes.next(view, PLAIN, NOW));

    expect(lines).toEqual(['▸ train  running', '✓ train  succeeded, 2.0 s']);
  });
});
