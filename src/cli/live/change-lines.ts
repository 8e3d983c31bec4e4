import type { RunView, TaskStatus } from '../../contract/index.js';
import type { Output } from '../output/output.js';
import { statusMark } from './status-mark.js';
import { taskRemark } from './task-tree.js';

/** Turns views into one line for each change of a task's state: for logs and pipes. */
export class ChangeLines {
  readonly #seen = new Map<string, TaskStatus>();

  /** Lines for what changed since the view before. */
  next(view: RunView, colors: Output['colors'], nowMs: number): string[] {
    const changed = view.tasks.filter(
      ({ name, status }) => status !== 'pending' && this.#seen.get(name) !== status,
    );
    for (const { name, status } of changed) this.#seen.set(name, status);
    return changed.map((task) => {
      const remark = task.status === 'running' ? '' : taskRemark(task, nowMs);
      const state = task.status.replace('_', ' ');
      const text = remark.startsWith(state) ? remark : [state, remark].filter(Boolean).join(', ');
      return `${statusMark(task.status, colors)} ${task.name}  ${colors.dim(text)}`;
    });
  }
}
