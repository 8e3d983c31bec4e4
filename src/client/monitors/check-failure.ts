import { WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { ErrorView } from '../../contract/index.js';
import { AnnealError } from '../../errors/index.js';

/** The error that a check's activity reported; undefined when it failed in another way. */
export function failureOf(error: unknown): AnnealError | undefined {
  if (!(error instanceof WorkflowFailedError)) return undefined;
  const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  const view = cause.details?.[0] as ErrorView | undefined;
  return view && new AnnealError(view.message, { ...view, cause: error });
}
