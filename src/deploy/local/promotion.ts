// Blue/green: puts a candidate (green) in the place of the variant that serves (blue).
//
// Order, which the tests cite:
// B1. Copy green's bytes; the serving program checks their digest again as it loads them.
// B2. Start green beside blue, wait for /ping, ask it for one prediction.
// B3. Switch: record on disk, then the router. No request is lost: blue answers what it has begun.
//     With a rollout, traffic moves to green step by step first (roll-out.ts), and blue stays warm until its end.
// B4. Ask the public port which model answers. Another one than green: back to blue.
// B5. Retire blue.
// B6. Whatever fails before B5 ends green and leaves blue serving.
// B7. Until the switch the record's current model is blue: a supervisor that dies in the middle of a rollout comes
//     back with blue alone, and the repeated request begins the rollout anew.

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import type { DeploymentView, RolloutPolicy } from '../../contract/index.js';
import { deployErrors } from '../../errors/index.js';
import type { Candidate } from './control-protocol.js';
import {
  rememberPromotion,
  rememberRollback,
  withoutRollout,
  type EndpointRecord,
  type VariantRecord,
} from './endpoint-record.js';
import type { Endpoint, LiveVariant } from './endpoint.js';
import { copyModel } from './model-copy.js';
import { rollOut, type RolloutContext, type RolloutPosition } from './roll-out.js';
import { whyNotHealthy, type ServingProcess } from './serving-process.js';
import { whySmokeTestFailed } from './smoke-test.js';

const BLUE_CHECK_MS = 50;

/** Aborting its signal before the switch ends green and throws the signal's reason; later it has no effect. */
export type PromotionContext = RolloutContext;

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
    return await introduce(endpoint, green, context, candidate.rollout);
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
  const { current, promotions, rolledBack = [] } = endpoint.record;
  if (current === undefined) return undefined;
  if (current.modelDigest === candidate.modelDigest) {
    if ((await endpoint.answeringDigest()) !== candidate.modelDigest) return undefined;
    await endpoint.switchTo(endpoint.live, rememberPromotion(endpoint.record, candidate));
    return { ...viewOf(endpoint, candidate.modelDigest, 'promoted'), unchanged: true };
  }
  const ended = rolledBack.find(({ deploymentId }) => deploymentId === candidate.deploymentId);
  if (ended !== undefined) {
    const { reason } = ended;
    return { ...viewOf(endpoint, candidate.modelDigest, 'rolled_back'), reason };
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
  rollout?: RolloutPolicy,
): Promise<DeploymentView> {
  const hasBlue = endpoint.live?.keeper.upstream() !== undefined;
  const serving = await endpoint.launch(green);
  const unfit = await whyUnfit(endpoint, green, serving, context);
  if (unfit !== undefined) return notInService(endpoint, green, hasBlue, unfit);
  const live = endpoint.keep(green, serving);
  const blue = endpoint.live;
  if (blue !== undefined && rollout !== undefined) {
    const ended = await whyRolledBack(endpoint, { blue, green: live }, rollout, context);
    if (ended !== undefined) return ended;
  }
  const problem = await takeOver(endpoint, live, context);
  if (problem !== undefined) return notInService(endpoint, green, hasBlue, problem);
  return viewOf(endpoint, green.modelDigest, 'promoted');
}

function notInService(
  endpoint: Endpoint,
  { modelDigest }: VariantRecord,
  hasBlue: boolean,
  problem: string,
): DeploymentView {
  const view = viewOf(endpoint, modelDigest, hasBlue ? 'rolled_back' : 'failed');
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

/** B3, the steps of a rollout; blue has all traffic again when one ended it. */
async function whyRolledBack(
  endpoint: Endpoint,
  { blue, green }: { readonly blue: LiveVariant; readonly green: LiveVariant },
  policy: RolloutPolicy,
  context: PromotionContext,
): Promise<DeploymentView | undefined> {
  const startedAt = new Date().toISOString();
  const { strategy, alarms } = policy;
  const { variant } = green;
  const backToBlue = async (record: EndpointRecord): Promise<void> => {
    await endpoint.switchTo(blue, record);
    await endpoint.retire(green);
  };
  const port = {
    shift: async ({ phase, percent, step, steps }: RolloutPosition): Promise<void> =>
      endpoint.share(green, {
        ...{ variant, strategy, alarms, startedAt },
        ...{ phase, percent, step, steps },
      }),
    counts: () => green.counter.counts(),
    isServing: () => green.keeper.upstream() !== undefined,
  };
  try {
    if (!(await isServing(blue, endpoint.limits.startTimeoutMs, context))) return undefined;
    const problem = await rollOut(port, policy, context);
    if (problem === undefined) return undefined;
    const { deploymentId, modelDigest } = variant;
    const reason = `the earlier model serves again: ${problem}`;
    const at = new Date().toISOString();
    const ended = { deploymentId, modelDigest, reason, at };
    await backToBlue(rememberRollback(endpoint.record, ended));
    return { ...viewOf(endpoint, modelDigest, 'rolled_back'), reason };
  } catch (error) {
    await backToBlue(withoutRollout(endpoint.record));
    throw error;
  }
}

/** Waits for blue, which may be starting again after a crash: without it there is nothing to go back to. */
async function isServing(
  { keeper }: LiveVariant,
  limitMs: number,
  { signal, clock }: PromotionContext,
): Promise<boolean> {
  const until = clock.now() + limitMs;
  while (keeper.upstream() === undefined && clock.now() < until) {
    signal.throwIfAborted();
    await clock.sleep(BLUE_CHECK_MS);
  }
  return keeper.upstream() !== undefined;
}

/** B3 to B5; back to blue when the public port does not show green. */
async function takeOver(
  endpoint: Endpoint,
  live: LiveVariant,
  { progress }: PromotionContext,
): Promise<string | undefined> {
  const blue = endpoint.live;
  const green = live.variant;
  const before = withoutRollout(endpoint.record);
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
