import type { DeployRequest, DeployResult } from '../contract/index.js';
import { checkGate, policyOf } from '../deploy/index.js';
import { AnnealError } from '../errors/index.js';
import { keys, lineageOf, publishManifest, readManifest } from '../lineage/index.js';
import { verifyArtifact } from '../storage/index.js';
import type { ActivityParts } from './activity-parts.js';

/**
 * Makes an endpoint serve a model, after checking again that these very bytes were evaluated and passed.
 * A retry after a lost answer adopts what the first try did.
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
  const { modelDigest, isOurs } = await checkModel(parts, request);
  const deployment = await deployer.deploy(
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
      rollout: policyOf(parts.policies, request.endpointName).rollout,
    },
    context,
  );
  const outputs = { parameters: {}, artifacts: {} };
  if (deployment.status !== 'promoted') return { deployment, outputs, manifestKey };
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

interface CheckedModel {
  readonly modelDigest: string;
  /** A task of this store computed these bytes: the only case in which a pickle may be loaded. */
  readonly isOurs: boolean;
}

async function checkModel({ store }: ActivityParts, request: DeployRequest): Promise<CheckedModel> {
  const { model, evaluation, run } = request;
  if (model.digest === undefined || store.keyOf(model.uri) === undefined) {
    throw new AnnealError(
      `The model at ${model.uri} was not made by a run, so nothing says that its bytes stay the evaluated ones.`,
      {
        code: 'E_DEPLOY_REFUSED',
        hint: 'Deploy a model that a task of this project trained.',
      },
    );
  }
  await verifyArtifact(store, model.uri, model.digest);
  const { madeBy, usedBy } = await lineageOf(store, model.digest);
  const decision = checkGate({
    modelDigest: model.digest,
    evaluation: evaluation?.metadata,
    isEvaluatedInLineage: usedBy.some((execution) => execution.run.runId === run.runId),
  });
  if (decision.accepted) {
    const isOurs = madeBy.some(({ runner }) => runner !== 'importer');
    return { modelDigest: model.digest, isOurs };
  }
  throw new AnnealError(`The deployer refused the model: ${decision.reason}.`, {
    code: decision.code,
    hint: 'Only a model that an evaluation of this run has passed is deployed.',
    details: { model: model.uri, modelDigest: model.digest },
  });
}
