import type { ModelChangeRequest, ModelChangeResult, SageMakerPolicy } from '../contract/index.js';
import { policyOf } from '../deploy/index.js';
import { lineageOf } from '../lineage/index.js';
import { chooseVersion, markChampion, markRolledBack, showModel } from '../models/index.js';
import { verifyArtifact } from '../storage/index.js';
import type { ActivityParts } from './activity-parts.js';
import { isOurs } from './check-model.js';
import { checkVersionDecision } from './check-version-decision.js';
import { mirrorVersion } from './note-in-registry.js';

/**
 * Makes an endpoint serve a registered version, outside a run. The gate's law holds as in a run: the version's last
 * decision is an acceptance, and its bytes are the ones that were judged.
 *
 * @throws E_DEPLOY_REFUSED, E_NOT_FOUND, E_DIGEST, and what deployers throw
 */
export async function deployVersion(
  parts: ActivityParts,
  request: ModelChangeRequest,
  context: { readonly signal: AbortSignal; readonly progress: (state: string) => void },
): Promise<ModelChangeResult> {
  const { store, deployer, policies } = parts;
  const { name, version, change, changeId, by, reason } = request;
  const chosen = chooseVersion(await showModel(store, name), version);
  await checkVersionDecision(store, chosen);
  const { rollout, sagemaker } = policyOf(policies, name);
  const { model, run } = chosen;
  await verifyArtifact(store, model.uri, model.digest);
  const deployment = await deployer.deploy(
    {
      deploymentId: changeId,
      endpointName: name,
      instanceType: chosen.instanceType,
      modelUri: model.uri,
      modelPath: await store.localPath(model.uri, context.signal),
      modelDigest: model.digest,
      modelMetadata: model.metadata,
      allowPickle: isOurs(await lineageOf(store, model.digest)),
      runId: run.runId,
      // Going back is urgent, and to a model that has served before.
      ...(change === 'promote' && { rollout }),
      sagemaker: alone(sagemaker),
    },
    context,
  );
  if (deployment.status === 'promoted') {
    const mark = change === 'promote' ? markChampion : markRolledBack;
    await mark(store, { name, version, by, reason, cause: changeId });
    await mirrorVersion(parts, name, version, context.signal);
  }
  return { name, version, deployment };
}

/** Whoever names the version that is to be live means it alone, not beside another one. */
function alone(policy: SageMakerPolicy | undefined): SageMakerPolicy | undefined {
  return policy && { ...policy, shadow: undefined, split: undefined };
}
