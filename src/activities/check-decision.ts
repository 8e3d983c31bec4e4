import type {
  AgreementView,
  ApprovalView,
  DeployPolicy,
  DeployRequest,
} from '../contract/index.js';
import { findDecisionFault } from '../deploy/index.js';
import { deployErrors, isAnnealError } from '../errors/index.js';
import {
  keyOfDecision,
  readApproval,
  readDecision,
  type StoredDecision,
} from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';

const NO_DECISION = 'no decision of the gate is on record';

/**
 * Checks that the decision on record lets a deployment happen: the very record that the request names, under the key
 * that its content gives, about this deployment, under the policy in force.
 *
 * @returns who agreed, as it stands on record; undefined where the policy asks nobody
 * @throws E_DEPLOY_REFUSED
 */
export async function checkDecision(
  store: ArtifactStore,
  request: DeployRequest,
  policy: DeployPolicy,
): Promise<AgreementView | undefined> {
  const { fault, approval } = await examine(store, request, policy);
  if (fault === undefined) return approval && agreementOf(approval);
  const { model, decision } = request;
  throw deployErrors.deploymentRefused('E_DEPLOY_REFUSED', fault, {
    ...{ model: model.uri, modelDigest: model.digest },
    record: decision?.recordKey,
  });
}

interface Examined {
  /** Why the deployment may not happen. */
  readonly fault?: string;
  readonly approval?: ApprovalView;
}

async function examine(
  store: ArtifactStore,
  request: DeployRequest,
  policy: DeployPolicy,
): Promise<Examined> {
  if (typeof request.decision?.recordKey !== 'string') return { fault: NO_DECISION };
  try {
    const stored = await readDecision(store, request.decision.recordKey);
    if (stored === undefined) return { fault: NO_DECISION };
    const approval = await readApproval(store, stored);
    const fault =
      misplaced(stored, request.decision) ??
      findDecisionFault(stored.record, request, policy, approval);
    return { fault, approval };
  } catch (error) {
    const isDamaged = isAnnealError(error) && ['E_RECORD', 'E_STORE_KEY'].includes(error.code);
    if (!isDamaged) throw error;
    return { fault: `the decision on record is damaged: ${error.message}` };
  }
}

function agreementOf({ by, reason, at }: ApprovalView): AgreementView {
  return { by, ...(reason === '' ? {} : { reason }), at };
}

function misplaced(
  stored: StoredDecision,
  wanted: NonNullable<DeployRequest['decision']>,
): string | undefined {
  if (stored.recordDigest !== wanted.recordDigest) {
    return 'the decision on record is not the one that was made';
  }
  return keyOfDecision(stored.record) === stored.recordKey
    ? undefined
    : 'the decision on record is kept under a key that is not its own';
}
