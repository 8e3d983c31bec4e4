// A run as a log: one line for each change of a task's state.
//
// C1. A large loop is a line for each tenth of it that is done, and one for each failure within.

import type { RunView, TaskStatus, TaskView } from '../../contract/index.js';
import type { Output } from '../output/output.js';
import { loopProgress } from './loop-progress.js';
import { statusMark } from './status-mark.js';
import { taskRemark } from './task-tree.js';

const STEPS = 10;

/** Turns views into one line for each change of a task's state: for logs and pipes. */
export class ChangeLines {
  readonly #seen = new Map<string, TaskStatus>();
  readonly #steps = new Map<string, number>();

  /** Lines for what changed since the view before. */
  next(view: RunView, colors: Output['colors'], nowMs: number): string[] {
    const large = view.tasks
      .filter(({ kind }) => kind === 'loop')
      .flatMap((loop) => {
        const below = view.tasks.filter(({ name }) => name.startsWith(`${loop.name}/`));
        const progress = loopProgress(loop, below);
        return progress === undefined ? [] : [{ loop, ...progress }];
      });
    const isWithin = ({ name }: TaskView): boolean =>
      large.some(({ loop }) => name.startsWith(`${loop.name}/`));
    const changed = view.tasks.filter(
      (task) =>
        task.status !== 'pending' &&
        this.#seen.get(task.name) !== task.status &&
        (task.status === 'failed' || !isWithin(task)),
    );
    for (const { name, status } of changed) this.#seen.set(name, status);
    return [
      ...changed.map((task) => changeLine(task, colors, nowMs)),
      ...large
        .filter(({ loop }) => !isWithin(loop))
        .flatMap((each) => this.#progressLine(each, colors)),
    ];
  }

  #progressLine(
    { loop, done, total }: { loop: TaskView; done: number; total: number },
    colors: Output['colors'],
  ): string[] {
    const step = Math.floor((done / total) * STEPS);
    if (loop.status !== 'running' || step <= (this.#steps.get(loop.name) ?? 0)) return [];
    this.#steps.set(loop.name, step);
    return [
      `${statusMark('running', colors)} ${loop.name}  ${colors.dim(`${done} of ${total} done`)}`,
    ];
  }
}

function changeLine(task: TaskView, colors: Output['colors'], nowMs: number): string {
  const remark = task.status === 'running' ? '' : taskRemark(task, nowMs);
  const state = task.status.replace('_', ' ');
  const text = remark.startsWith(state) ? remark : [state, remark].filter(Boolean).join(', ');
  return `${statusMark(task.status, colors)} ${task.name}  ${colors.dim(text)}`;
}
