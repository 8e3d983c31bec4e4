import type { TaskView } from '../../contract/index.js';
import { formatDuration } from '../../util/index.js';
import { html, type Markup } from '../html.js';
import { section } from './section.js';
import { statusBadge } from './status-badge.js';

/** The graph's accessible equivalent: every task with its state, time and attempts. */
export function tasksSection(tasks: readonly TaskView[]): Markup | undefined {
  if (tasks.length === 0) return undefined;
  return section(
    'tasks',
    'Tasks',
    html` <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">State</th>
            <th scope="col" class="number">Time</th>
            <th scope="col" class="number">Attempts</th>
            <th scope="col">Remark</th>
          </tr>
        </thead>
        <tbody>
          ${tasks.map(taskRow)}
        </tbody>
      </table>
    </div>`,
  );
}

function taskRow(task: TaskView): Markup {
  const depth = Math.min(6, task.name.split('/').length - 1);
  return html`<tr>
    <th scope="row" class="depth-${depth}">${task.name}</th>
    <td>${statusBadge(task.status)}</td>
    <td class="number">${task.seconds === undefined ? '' : formatDuration(task.seconds)}</td>
    <td class="number">${task.attempts === 0 ? '' : task.attempts}</td>
    <td class="wrap">${remark(task)}</td>
  </tr>`;
}

function remark(task: TaskView): string {
  if (task.error !== undefined) return `${task.error.code}: ${task.error.message}`;
  return task.cached ? 'from cache' : (task.reason ?? '');
}
