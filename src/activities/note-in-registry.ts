// Tells the registry of models what the deploy activities decided and did.
//
// N1. The registry belongs to the deployment: what it does not take fails the activity, which is tried again. Mirrors
//     do not: what one misses is a warning (X2 of mirror.ts).

import type { ApprovalView, DeploymentView, DeployRequest } from '../contract/index.js';
import { isAnnealError } from '../errors/index.js';
import {
  chooseVersion,
  markChampion,
  recordApproval,
  registerCandidate,
  showModel,
  versionOfDigest,
  type Candidate,
} from '../models/index.js';
import type { ActivityParts } from './activity-parts.js';

type RegistryParts = Pick<ActivityParts, 'store' | 'mirrors' | 'warn'>;
type Decision = Pick<Candidate, 'verdict' | 'reason' | 'decisionKey'>;

/** Registers a run's model with what was decided on it. One without a digest was made by no run, and is no version. */
export async function noteCandidate(
  parts: RegistryParts,
  { run, task, model, endpointName: name, instanceType }: DeployRequest,
  decision: Decision,
  signal: AbortSignal,
): Promise<void> {
  const { digest } = model;
  if (digest === undefined) return;
  const { version } = await registerCandidate(parts.store, {
    name,
    model: { ...model, digest },
    run: { runId: run.runId, pipeline: run.pipeline, digest: run.digest, task },
    instanceType,
    ...decision,
  });
  // Whoever is to approve it finds it where approvals are given.
  if (decision.verdict === 'needs_approval') {
    await mirrorVersion(duringRun(parts), name, version, signal);
  }
}

/** Records what a person said about a run's model. */
export async function noteApproval(
  store: RegistryParts['store'],
  { run, task, model, endpointName: name }: DeployRequest,
  { answer, by, reason }: ApprovalView,
): Promise<void> {
  if (model.digest === undefined) return;
  const found = await versionOfDigest(store, name, model.digest);
  if (found === undefined) return;
  await recordApproval(store, {
    ...{ name, version: found.version, by, reason },
    approved: answer === 'approved',
    cause: `${run.runId}/${task}/${answer}`,
    runId: run.runId,
  });
}

/** Makes the version of a promoted model the champion. */
export async function noteDeployed(
  parts: RegistryParts,
  { run, task, model, endpointName: name }: DeployRequest,
  { status }: DeploymentView,
  signal: AbortSignal,
): Promise<void> {
  if (status !== 'promoted' || model.digest === undefined) return;
  const found = await versionOfDigest(parts.store, name, model.digest);
  if (found === undefined) return;
  await markChampion(parts.store, {
    name,
    version: found.version,
    by: `run ${run.runId}`,
    cause: `${run.runId}/${task}`,
    runId: run.runId,
  });
  await mirrorVersion(duringRun(parts), name, found.version, signal);
}

/** A run's version comes to MLflow with the run itself, when that has ended (src/events/mlflow). */
function duringRun(parts: RegistryParts): RegistryParts {
  return { ...parts, mirrors: parts.mirrors?.filter(({ name }) => name !== 'mlflow') };
}

/** Brings a version to every mirror, as far as they are there (N1). */
export async function mirrorVersion(
  { store, mirrors = [], warn = () => undefined }: RegistryParts,
  name: string,
  version: number,
  signal: AbortSignal,
): Promise<void> {
  if (mirrors.length === 0) return;
  const model = await showModel(store, name);
  for (const mirror of mirrors) {
    try {
      await mirror.push(chooseVersion(model, version), model, signal);
    } catch (error) {
      if (!isAnnealError(error) || signal.aborted) throw error;
      warn(`${name}@${version} is not in ${mirror.name} yet: ${error.message}`);
    }
  }
}
