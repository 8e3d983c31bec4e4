import type { DeployPolicy, DeployRequest } from '../contract/index.js';
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
 * @throws E_DEPLOY_REFUSED
 */
export async function checkDecision(
  store: ArtifactStore,
  request: DeployRequest,
  policy: DeployPolicy,
): Promise<void> {
  const fault = await faultOf(store, request, policy);
  if (fault === undefined) return;
  const { model, decision } = request;
  throw deployErrors.deploymentRefused('E_DEPLOY_REFUSED', fault, {
    ...{ model: model.uri, modelDigest: model.digest },
    record: decision?.recordKey,
  });
}

async function faultOf(
  store: ArtifactStore,
  request: DeployRequest,
  policy: DeployPolicy,
): Promise<string | undefined> {
  if (typeof request.decision?.recordKey !== 'string') return NO_DECISION;
  try {
    const stored = await readDecision(store, request.decision.recordKey);
    if (stored === undefined) return NO_DECISION;
    const approval = await readApproval(store, stored);
    return (
      misplaced(stored, request.decision) ??
      findDecisionFault(stored.record, request, policy, approval)
    );
  } catch (error) {
    const isDamaged = isAnnealError(error) && ['E_RECORD', 'E_STORE_KEY'].includes(error.code);
    if (!isDamaged) throw error;
    return `the decision on record is damaged: ${error.message}`;
  }
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
