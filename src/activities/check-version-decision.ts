import { deployErrors } from '../errors/index.js';
import { readApproval, readDecision } from '../lineage/index.js';
import { assertDeployable, type ModelVersionView } from '../models/index.js';
import type { ArtifactStore } from '../storage/index.js';

/**
 * Checks that the gate's own record lets a registered version go live: the registry's log alone does not.
 *
 * @throws E_DEPLOY_REFUSED, E_RECORD
 */
export async function checkVersionDecision(
  store: ArtifactStore,
  version: ModelVersionView,
): Promise<void> {
  assertDeployable(version);
  const fault = await faultOf(store, version);
  if (fault === undefined) return;
  const { name, decisionKey, model } = version;
  throw deployErrors.deploymentRefused('E_DEPLOY_REFUSED', fault, {
    ...{ model: model.uri, modelDigest: model.digest, endpoint: name },
    record: decisionKey,
  });
}

async function faultOf(
  store: ArtifactStore,
  { name, decisionKey, model }: ModelVersionView,
): Promise<string | undefined> {
  const stored = decisionKey === undefined ? undefined : await readDecision(store, decisionKey);
  if (stored === undefined) return 'no decision of the gate is on record';
  const { endpoint, modelDigest, verdict } = stored.record;
  if (endpoint !== name || modelDigest !== model.digest) {
    return 'the decision on record is about another model or endpoint';
  }
  if (verdict === 'accepted') return undefined;
  const approval = verdict === 'refused' ? undefined : await readApproval(store, stored);
  return approval?.answer === 'approved'
    ? undefined
    : 'the decision on record does not let it go live';
}
