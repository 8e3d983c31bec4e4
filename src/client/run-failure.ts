// What a run's end means for the one who waited for it.

import type { ErrorView, RunView } from '../contract/index.js';
import type { AnnealError } from '../errors/index.js';
import { clientErrors, ERROR_CODES, type ErrorCode } from '../errors/index.js';

/**
 * Gives the error a waiting command ends with.
 *
 * @returns undefined when the run succeeded. An error that was found before any task ran keeps its
 *   own code and so exit code 3 or 4; anything later exits with 1, as a task's own code or E_RUN_FAILED
 */
export function runFailure(view: RunView): AnnealError | undefined {
  if (view.status === 'succeeded' || view.status === 'running') return undefined;
  const error = view.error ?? fallbackError(view);
  const code = exitingCode(view, error.code);
  return clientErrors.runFailed(
    view.runId,
    { code, message: withTask(error), hint: error.hint?.replaceAll('<run>', view.runId) },
    {
      ...error.details,
      cause: error.code,
      ...(error.task === undefined ? {} : { task: error.task }),
    },
  );
}

function fallbackError(view: RunView): ErrorView {
  const failed = view.tasks.find((task) => task.status === 'failed' && task.error !== undefined);
  if (failed?.error !== undefined) return { task: failed.name, ...failed.error };
  return view.status === 'canceled'
    ? { code: 'E_RUN_CANCELED', message: 'The run was canceled.' }
    : { code: 'E_RUN_FAILED', message: 'The run failed.' };
}

function withTask({ message, task }: ErrorView): string {
  return task === undefined || message.includes(`"${task}"`)
    ? message
    : `Task "${task}": ${message}`;
}

function exitingCode(view: RunView, code: ErrorCode): ErrorCode {
  if (view.status === 'canceled') return 'E_RUN_CANCELED';
  const started = view.tasks.some((task) => task.attempts > 0);
  const exitCode: number = ERROR_CODES[code]?.exitCode ?? 1;
  return exitCode === 1 || !started ? code : 'E_RUN_FAILED';
}
