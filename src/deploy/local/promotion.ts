// Blue/green: puts a candidate (green) in the place of the variant that serves (blue).
//
// Order, which the tests cite:
// B1. Copy green's bytes; the serving program checks their digest again as it loads them.
// B2. Start green beside blue, wait for /ping, ask it for one prediction.
// B3. Switch: record on disk, then the router. No request is lost: blue answers what it has begun.
// B4. Ask the public port which model answers. Another one than green: back to blue.
// B5. Retire blue.
// B6. Whatever fails before B5 ends green and leaves blue serving.

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import type { DeploymentView } from '../../contract/index.js';
import { deployErrors } from '../../errors/index.js';
import type { Candidate } from './control-protocol.js';
import { rememberPromotion, type EndpointRecord, type VariantRecord } from './endpoint-record.js';
import type { Endpoint } from './endpoint.js';
import { copyModel } from './model-copy.js';
import { whyNotHealthy, type ServingProcess } from './serving-process.js';
import { whySmokeTestFailed } from './smoke-test.js';

export interface PromotionContext {
  /** Aborting before the switch ends green and throws the signal's reason; later it has no effect. */
  readonly signal: AbortSignal;
  readonly progress: (state: string) => void;
}

/** Carries out one deployment; the answer says what the endpoint serves afterwards. */
export async function promote(
  endpoint: Endpoint,
  candidate: Candidate,
  context: PromotionContext,
): Promise<DeploymentView> {
  context.signal.throwIfAborted();
  const settled = await settledBefore(endpoint, candidate);
  if (settled !== undefined) return settled;
  context.progress('copying the model');
  const green = await prepareVariant(endpoint, candidate);
  const earlierProgram = endpoint.useProgram(candidate.program);
  try {
    return await introduce(endpoint, green, context);
  } finally {
    if (endpoint.record.current?.id !== green.id) endpoint.useProgram(earlierProgram);
    await endpoint.forgetOtherVariants();
  }
}

/** Puts the variant before the current one back in its place, by the same steps. */
export async function rollBack(
  endpoint: Endpoint,
  context: PromotionContext,
): Promise<DeploymentView> {
  const { previous, name } = endpoint.record;
  if (previous === undefined) {
    throw deployErrors.deploymentFailed(name, 'it has no earlier model to go back to');
  }
  return introduce(endpoint, previous, context);
}

/** The answer for a request that needs no change: the model serves already, or was replaced since. */
async function settledBefore(
  endpoint: Endpoint,
  candidate: Candidate,
): Promise<DeploymentView | undefined> {
  const { current, promotions } = endpoint.record;
  if (current === undefined) return undefined;
  if (current.modelDigest === candidate.modelDigest) {
    if ((await endpoint.answeringDigest()) !== candidate.modelDigest) return undefined;
    await endpoint.switchTo(endpoint.live, rememberPromotion(endpoint.record, candidate));
    return { ...viewOf(endpoint, candidate.modelDigest, 'promoted'), unchanged: true };
  }
  if (!promotions.some(({ deploymentId }) => deploymentId === candidate.deploymentId)) {
    return undefined;
  }
  const reason = `deployment ${current.deploymentId} has put model ${current.modelDigest} in its place since`;
  return { ...viewOf(endpoint, candidate.modelDigest, 'superseded'), reason };
}

/** B1. */
async function prepareVariant(endpoint: Endpoint, candidate: Candidate): Promise<VariantRecord> {
  const id = randomUUID();
  const { folder } = endpoint.folder.variant(id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    return {
      id,
      modelName: await copyModel(candidate.modelPath, folder),
      modelDigest: candidate.modelDigest,
      allowPickle: candidate.allowPickle,
      deploymentId: candidate.deploymentId,
      runId: candidate.runId,
      promotedAt: new Date().toISOString(),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** B2 to B6. */
async function introduce(
  endpoint: Endpoint,
  green: VariantRecord,
  context: PromotionContext,
): Promise<DeploymentView> {
  const hasBlue = endpoint.live?.keeper.upstream() !== undefined;
  const serving = await endpoint.launch(green);
  const problem =
    (await whyUnfit(endpoint, green, serving, context)) ??
    (await takeOver(endpoint, green, serving, context));
  if (problem === undefined) return viewOf(endpoint, green.modelDigest, 'promoted');
  const view = viewOf(endpoint, green.modelDigest, hasBlue ? 'rolled_back' : 'failed');
  return { ...view, reason: `the new model was not put in service: ${problem}` };
}

/** B2; ends green when it is unfit, or when the deployment is canceled. */
async function whyUnfit(
  endpoint: Endpoint,
  green: VariantRecord,
  serving: ServingProcess,
  { signal, progress }: PromotionContext,
): Promise<string | undefined> {
  let isFit = false;
  try {
    progress('starting the model');
    const problem = await whyNotHealthy(serving, endpoint.limits.startTimeoutMs, signal);
    if (problem !== undefined) return problem;
    progress('asking for a prediction');
    const failure = await whySmokeTestFailed(endpoint.modelPath(green), serving.port, signal);
    signal.throwIfAborted();
    isFit = failure === undefined;
    return failure;
  } finally {
    if (!isFit) await serving.stop(endpoint.limits.stopGraceMs);
  }
}

/** B3 to B5; back to blue when the public port does not show green. */
async function takeOver(
  endpoint: Endpoint,
  green: VariantRecord,
  serving: ServingProcess,
  { progress }: PromotionContext,
): Promise<string | undefined> {
  const blue = endpoint.live;
  const before = endpoint.record;
  const live = endpoint.keep(green, serving);
  progress('switching');
  await endpoint.switchTo(live, recordWith(before, green));
  const answering = await endpoint.answeringDigest();
  if (answering !== green.modelDigest) {
    await endpoint.switchTo(blue, before);
    await endpoint.retire(live);
    return `after the switch the endpoint answered with ${answering ?? 'no model'}`;
  }
  progress('retiring the earlier model');
  if (blue !== undefined) await endpoint.retire(blue);
  return undefined;
}

function recordWith(record: EndpointRecord, green: VariantRecord): EndpointRecord {
  return rememberPromotion({ ...record, current: green, previous: record.current }, green);
}

function viewOf(
  endpoint: Endpoint,
  modelDigest: string,
  status: DeploymentView['status'],
): DeploymentView {
  return { status, endpoint: endpoint.record.name, url: endpoint.url, modelDigest };
}
