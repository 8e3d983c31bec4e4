import type { ErrorView, RunView, TaskStatus, TaskView } from '../contract/index.js';

/**
 * Ends a view that its workflow could not end itself: it was terminated, or ran out of time.
 *
 * @param view    the last state seen while the run was open
 * @param end     how the server says it ended
 * @returns the view with running tasks canceled and pending ones not triggered
 */
export function closeView(
  view: RunView,
  end: {
    readonly status: 'failed' | 'canceled';
    readonly finishedAt?: string;
    readonly error: ErrorView;
  },
): RunView {
  if (view.status !== 'running') return view;
  return {
    ...view,
    ...end,
    waitingFor: undefined,
    tasks: view.tasks.map((task) => closeTask(task)),
  };
}

const CLOSED_AS: Partial<Record<TaskStatus, TaskStatus>> = {
  running: 'canceled',
  pending: 'not_triggered',
};

function closeTask(task: TaskView): TaskView {
  return { ...task, status: CLOSED_AS[task.status] ?? task.status };
}
