import type { ApprovalView, RecordApprovalRequest } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import { appendApproval, readDecision } from '../lineage/index.js';
import type { ActivityParts } from './activity-parts.js';
import { noteApproval } from './note-in-registry.js';

/**
 * Appends a person's answer to the decision it is about; the first answer counts, and is given back.
 * @throws E_STATE when there is no such decision, or it waits for nobody; E_PARAM when nobody is named
 */
export async function recordApproval(
  { store }: Pick<ActivityParts, 'store'>,
  { deployment, approval }: RecordApprovalRequest,
): Promise<ApprovalView> {
  const { decision, task } = deployment;
  const stored = decision && (await readDecision(store, decision.recordKey));
  if (stored?.recordDigest !== decision?.recordDigest || stored === undefined) {
    throw new AnnealError(`There is no decision about "${task}" that could be answered.`, {
      code: 'E_STATE',
      hint: 'Run the pipeline again.',
    });
  }
  if (stored.record.verdict !== 'needs_approval') {
    throw new AnnealError(`The decision about "${task}" waits for nobody.`, {
      code: 'E_STATE',
      hint: `The gate said: ${stored.record.reason}`,
    });
  }
  if (approval.by.trim() === '') {
    throw new AnnealError('An answer must say whose it is.', {
      code: 'E_PARAM',
      hint: 'Give a name.',
    });
  }
  const counting = await appendApproval(store, stored, approval);
  await noteApproval(store, deployment, counting);
  return counting;
}
