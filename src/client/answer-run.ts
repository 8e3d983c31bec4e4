// Answering what a run waits for.

import {
  ApplicationFailure,
  WorkflowUpdateFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  APPROVE_UPDATE,
  REJECT_UPDATE,
  type AnswerRequest,
  type ApprovalRecord,
  type ErrorView,
} from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import { assertOpen } from './pause-run.js';

/**
 * Agrees to a deployment that waits, or refuses it. The same answer twice is one answer.
 *
 * @returns the answer on record
 * @throws E_STATE when nothing waits or it was answered otherwise; E_PARAM
 */
export async function answerRun(
  handle: WorkflowHandle,
  verdict: 'approved' | 'rejected',
  request: AnswerRequest,
): Promise<ApprovalRecord> {
  await assertOpen(handle, verdict);
  const update = verdict === 'approved' ? APPROVE_UPDATE : REJECT_UPDATE;
  try {
    return await handle.executeUpdate<ApprovalRecord, [AnswerRequest]>(update, { args: [request] });
  } catch (error) {
    throw refusalIn(error) ?? error;
  }
}

/** The run's own words, when it refused the answer. */
function refusalIn(error: unknown): AnnealError | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  const [view] = (cause.details ?? []) as [ErrorView?];
  return view && new AnnealError(view.message, { ...view, cause: error });
}
