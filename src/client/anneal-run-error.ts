import type { RunView } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import { runFailure } from './run-failure.js';

/** What waiting for a run's outputs ends with when it did not succeed. */
export class AnnealRunError extends AnnealError {
  /** The run's final state. */
  readonly run: RunView;
  /** Path of the task that failed first and brought the run down; undefined when no task did. */
  readonly task: string | undefined;

  constructor(run: RunView, failure: AnnealError) {
    const { code, hint, where, details, retryable } = failure;
    super(failure.message, { code, hint, where, details, retryable });
    this.run = run;
    this.task = typeof details['task'] === 'string' ? details['task'] : undefined;
  }

  /** @returns undefined for a run that succeeded or still runs */
  static of(run: RunView): AnnealRunError | undefined {
    const failure = runFailure(run);
    return failure === undefined ? undefined : new AnnealRunError(run, failure);
  }
}
