import type { RunView, TaskView } from '../contract/index.js';

const SHOWN_TASKS = 50;
const MARKS: Readonly<Record<TaskView['status'], string>> = {
  pending: '·',
  running: '▶',
  succeeded: '✓',
  failed: '✗',
  skipped: '–',
  canceled: '✗',
  not_triggered: '–',
};

/** The run as Markdown, for the Temporal UI's "current details". */
export function describeRun(view: RunView): string {
  const rows = view.tasks.slice(0, SHOWN_TASKS).map((task) => {
    const seconds = task.seconds === undefined ? '' : `${task.seconds.toFixed(1)} s`;
    const state = task.cached ? 'cached' : task.status;
    return `| ${MARKS[task.status]} | ${task.name} | ${state} | ${seconds} |`;
  });
  const rest = view.tasks.length - SHOWN_TASKS;
  const more = rest > 0 ? [`| | and ${rest} more | | |`] : [];
  return [
    `**${view.pipeline}**: ${stateOf(view)}`,
    '',
    '| | Task | State | Time |',
    '|---|---|---|---|',
    ...rows,
    ...more,
  ].join('\n');
}

function stateOf({ status, paused, waitingFor }: RunView): string {
  if (paused !== undefined) return 'paused';
  return waitingFor === undefined ? status : 'waits for an approval';
}
