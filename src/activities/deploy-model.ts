import { isInPlace, type DeployRequest, type DeployResult } from '../contract/index.js';
import { policyOf } from '../deploy/index.js';
import { keys, publishManifest, readManifest } from '../lineage/index.js';
import type { ActivityParts } from './activity-parts.js';
import { checkDecision } from './check-decision.js';
import { checkModel } from './check-model.js';
import { noteDeployed } from './note-in-registry.js';

/**
 * Makes an endpoint serve a model, when the decision on record lets it: whoever calls this cannot go around the gate.
 * A retry after a lost answer adopts what the first try did.
 *
 * @throws E_DEPLOY_REFUSED when no decision, or another one than the request names, is on record
 */
export async function deployModel(
  parts: ActivityParts,
  request: DeployRequest,
  context: { readonly signal: AbortSignal; readonly progress: (state: string) => void },
): Promise<DeployResult> {
  const { store, deployer } = parts;
  const manifestKey = keys.manifestKey(request.run.runId, request.task);
  const earlier = await readManifest(store, manifestKey);
  if (earlier?.deployment !== undefined) {
    return { deployment: earlier.deployment, outputs: earlier.outputs, manifestKey };
  }
  const startedAt = new Date().toISOString();
  const { modelDigest, isOurs } = await checkModel(store, request);
  const policy = policyOf(parts.policies, request.endpointName);
  const approval = await checkDecision(store, request, policy);
  const deployed = await deployer.deploy(
    {
      deploymentId: `${request.run.runId}/${request.task}`,
      endpointName: request.endpointName,
      instanceType: request.instanceType,
      modelUri: request.model.uri,
      modelPath: await store.localPath(request.model.uri),
      modelDigest,
      modelMetadata: request.model.metadata,
      allowPickle: isOurs,
      runId: request.run.runId,
      rollout: policy.rollout,
      sagemaker: policy.sagemaker,
    },
    context,
  );
  await noteDeployed(parts, request, deployed, context.signal);
  const deployment = { ...deployed, ...(approval && { approval }) };
  const outputs = { parameters: {}, artifacts: {} };
  if (!isInPlace(deployment)) return { deployment, outputs, manifestKey };
  const { model, evaluation } = request;
  const { manifest } = await publishManifest(store, {
    schemaVersion: 1,
    run: request.run,
    task: request.task,
    component: request.component,
    attempt: request.attempt,
    inputs: {
      parameters: request.parameters,
      artifacts: { model: [model], ...(evaluation ? { evaluation: [evaluation] } : {}) },
    },
    outputs,
    runner: 'deploy',
    worker: parts.identity,
    startedAt,
    finishedAt: new Date().toISOString(),
    deployment,
  });
  return { deployment: manifest.deployment ?? deployment, outputs, manifestKey };
}
