import {
  ActivityFailure,
  ApplicationFailure,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { ErrorView } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';

/** What a workflow, an update or an activity said went wrong, as it was before it crossed Temporal. */
export function reportedView(error: unknown): ErrorView | undefined {
  if (
    error instanceof WorkflowFailedError ||
    error instanceof WorkflowUpdateFailedError ||
    error instanceof ActivityFailure
  ) {
    return reportedView(error.cause);
  }
  if (!(error instanceof ApplicationFailure)) return undefined;
  const [view] = error.details ?? [];
  return isErrorView(view) ? view : undefined;
}

/** The same, to be thrown. */
export function reportedError(error: unknown): AnnealError | undefined {
  const view = reportedView(error);
  if (view === undefined) return undefined;
  const { code, message, hint, where, details } = view;
  return new AnnealError(message, { code, hint, where, details, cause: error });
}

function isErrorView(value: unknown): value is ErrorView {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
