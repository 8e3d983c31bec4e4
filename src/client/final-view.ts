// Reads how a closed run ended, whatever way it ended.
//
// F1. A failed or canceled run is an answer, not an exception: the view says what happened.
// F2. Sources in order: the workflow's own result, the view inside its failure, the stored run
//     record, the last state a worker can replay, and the bare facts of the server.
// F3. A workflow that was terminated or ran out of time could not record its end: whoever reads it first does.

import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { RUN_QUERY, type ErrorView, type RunView } from '../contract/index.js';
import { ERROR_CODES, type ErrorCode } from '../errors/index.js';
import { bareView } from './bare-view.js';
import { closeView } from './close-view.js';
import { reportedView } from './reported-error.js';

export interface FinalViewSources {
  readonly handle: WorkflowHandle;
  /** Reads the run's stored record; undefined when there is none. */
  readonly readRecord: () => Promise<RunView | undefined>;
  /** Keeps an end that the workflow itself could not record (F3). */
  readonly keepRecord: (view: RunView) => Promise<void>;
  /** Runs a call with a deadline, so that a missing worker cannot hold it up. */
  readonly withDeadline: <Result>(call: () => Promise<Result>) => Promise<Result>;
}

/** Waits for the run to close and returns its final view (F1). */
export async function finalView(sources: FinalViewSources): Promise<RunView> {
  try {
    return (await sources.handle.result()) as RunView;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return viewOfFailure(error, sources);
  }
}

async function viewOfFailure(
  failure: WorkflowFailedError,
  sources: FinalViewSources,
): Promise<RunView> {
  const inside = viewInside(failure.cause);
  if (inside !== undefined) return inside;
  const recorded = await sources.readRecord();
  if (recorded !== undefined && recorded.status !== 'running') return recorded;
  const last = await lastView(sources);
  const description = await sources.handle.describe();
  const closed = closeView(last ?? bareView(description), {
    status: failure.cause instanceof CancelledFailure ? 'canceled' : 'failed',
    finishedAt: description.closeTime?.toISOString(),
    error: errorOf(failure.cause),
  });
  if (last !== undefined && last.digest !== '') {
    await sources.keepRecord(closed).catch(() => undefined); // F3: the answer matters more than keeping it
  }
  return closed;
}

function viewInside(cause: Error | undefined): RunView | undefined {
  if (!(cause instanceof ApplicationFailure)) return undefined;
  const [view] = cause.details ?? [];
  return isRunView(view) ? view : undefined;
}

function isRunView(value: unknown): value is RunView {
  return typeof value === 'object' && value !== null && 'runId' in value && 'tasks' in value;
}

async function lastView({ handle, withDeadline }: FinalViewSources): Promise<RunView | undefined> {
  try {
    return await withDeadline(() => handle.query<RunView>(RUN_QUERY));
  } catch {
    return undefined; // F2: no worker, or the run closed before its first step
  }
}

function errorOf(cause: Error | undefined): ErrorView {
  if (cause instanceof CancelledFailure) {
    return { code: 'E_RUN_CANCELED', message: 'The run was canceled.' };
  }
  if (cause instanceof TerminatedFailure) {
    const reason = cause.message.replace(/\.$/, '');
    return {
      code: 'E_RUN_TERMINATED',
      message: `The run was terminated${reason === '' ? '' : `: ${reason}`}. Its exit tasks did not run.`,
      hint: 'Use "anneal cancel" where exit tasks must run. Finished tasks are in the cache: run it again.',
    };
  }
  if (!(cause instanceof ApplicationFailure)) {
    return { code: 'E_RUN_FAILED', message: cause?.message ?? 'The run failed.' };
  }
  const described = reportedView(cause);
  if (described !== undefined) return described; // refused before anything started
  const { type, message } = cause;
  return { code: typeof type === 'string' && isErrorCode(type) ? type : 'E_RUN_FAILED', message };
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
