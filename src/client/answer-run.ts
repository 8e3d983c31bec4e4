// Answering what a run waits for.

import type { WorkflowHandle } from '@temporalio/client';
import {
  APPROVE_UPDATE,
  REJECT_UPDATE,
  type AnswerRequest,
  type ApprovalRecord,
} from '../contract/index.js';
import { assertOpen } from './pause-run.js';
import { reportedError } from './reported-error.js';

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
    throw reportedError(error) ?? error; // the run's own words, when it refused the answer
  }
}
