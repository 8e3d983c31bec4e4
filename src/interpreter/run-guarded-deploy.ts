// Deploys as the endpoint's policy says: its gate judges the model, a person agrees where one is asked, and deployments
// to one endpoint take turns.
//
// G1. A model is judged, and a person asked, once for each task, whatever tries follow; nothing is deployed without the
//     decision that goes along, which the deployer checks.
// G2. No turn is held while a person thinks, nor while the run is paused: a turn is taken for one try.
// G3. A model that is kept back is no failure: its task is skipped, with what follows, and the run succeeds.

import { isInPlace } from '../contract/index.js';
import type {
  ApprovalAnswer,
  ApprovalView,
  DeploymentView,
  DeployRequest,
  DeployResult,
  JudgeResult,
  Turn,
} from '../contract/index.js';
import { formatDuration } from '../util/index.js';
import { deployFailure } from './deploy-failure.js';
import { deployRequest } from './deploy-request.js';
import { flowOf, NO_VALUES } from './flow-values.js';
import type { LeafTask } from './leaf-task.js';
import type { RunContext, TaskOutcome } from './scope.js';
import { withRetries } from './with-retries.js';

/**
 * Deploys under the policy of the endpoint.
 *
 * @returns undefined in runs of versions that knew none: even a settled promise would change the order of what follows
 * @throws TaskFailure when the deployment failed or the run was canceled
 */
export function runGuardedDeploy(
  context: RunContext,
  leaf: LeafTask,
): Promise<TaskOutcome> | undefined {
  const request = deployRequest(context.plan, leaf, 1);
  const judging = context.port.judgeModel(request, leaf);
  return judging && deployAsJudged(context, leaf, request, judging);
}

async function deployAsJudged(
  context: RunContext,
  leaf: LeafTask,
  request: DeployRequest,
  judging: Promise<JudgeResult>,
): Promise<TaskOutcome> {
  const judged = await judging;
  const { verdict, reason, recordKey, recordDigest } = judged.decision;
  context.tracker.judged(leaf.path, judged.decision);
  if (verdict === 'refused') {
    return keptBack(context, leaf, { ...placeOf(request), status: 'refused', reason });
  }
  const decided = { ...request, decision: { recordKey, recordDigest } };
  const answer = await agreement(context, leaf, decided, judged);
  if (answer?.approved === false) {
    return keptBack(context, leaf, {
      ...placeOf(request),
      status: 'refused',
      reason: refusal(answer),
    });
  }
  const acceptedAt = answer?.at ?? new Date(context.port.now()).toISOString();
  const result = await withRetries(context, leaf, (attempt) => {
    return deployInTurn(context, leaf, { ...decided, attempt }, acceptedAt);
  });
  if ('kept' in result) return keptBack(context, leaf, result.kept);
  const outputs = flowOf(result.outputs);
  context.tracker.succeeded(leaf.path, outputs, { ...result, cached: false });
  return { status: 'succeeded', outputs };
}

/** Asks a person where the policy says so (G1). @returns undefined when nobody is to be asked */
async function agreement(
  context: RunContext,
  leaf: LeafTask,
  request: DeployRequest,
  { decision, approval: policy }: JudgeResult,
): Promise<ApprovalAnswer | undefined> {
  const { port, tracker } = context;
  if (decision.verdict !== 'needs_approval' || policy === undefined) return undefined;
  if (decision.approval !== undefined) return answerOf(decision.approval);
  const { task, endpointName: endpoint, model } = request;
  const question = { task, endpoint, modelDigest: model.digest, policy };
  const answer = await port.awaitApproval(question, leaf);
  if (answer.by === undefined) {
    const hours = formatDuration(policy.timeoutHours * 3600);
    return { ...answer, reason: `nobody approved within ${hours}` };
  }
  const approval = await port.recordApproval(
    { deployment: request, approval: recordOf(answer, answer.by) },
    leaf,
  );
  tracker.judged(leaf.path, { ...decision, approval });
  const held = approval.answer === 'approved' ? port.hold(leaf) : undefined;
  if (held !== undefined) await held; // G2
  return answerOf(approval);
}

function recordOf({ approved, reason = '', at }: ApprovalAnswer, by: string): ApprovalView {
  return { answer: approved ? 'approved' : 'rejected', by, reason, at };
}

function answerOf({ answer, by, reason, at }: ApprovalView): ApprovalAnswer {
  if (answer === 'rejected') return { approved: false, by, reason, at };
  return { approved: true, by, at, ...(reason === '' ? {} : { reason }) };
}

function refusal({ by, reason }: Extract<ApprovalAnswer, { approved: false }>): string {
  if (by === undefined) return reason;
  return `rejected by ${by}${reason === '' ? '' : `: ${reason}`}`;
}

/** Takes the endpoint's turn for one try (G2). @returns `kept` when a later model goes there instead */
async function deployInTurn(
  context: RunContext,
  leaf: LeafTask,
  request: DeployRequest,
  acceptedAt: string,
): Promise<DeployResult | { readonly kept: DeploymentView }> {
  const { port, slots, tracker } = context;
  const { runId } = request.run;
  const { task, endpointName: endpoint } = request;
  const turn: Turn = { id: `${runId}/${task}`, runId, task, endpoint, acceptedAt };
  const { granted, by } = await port.awaitTurn(turn, leaf);
  if (!granted) {
    return { kept: { ...placeOf(request), status: 'superseded', reason: supersession(turn, by) } };
  }
  let isDeployed = false;
  try {
    const result = await slots.use(() => port.deployModel(request, leaf));
    isDeployed = isInPlace(result.deployment);
    tracker.deployed(task, result.deployment);
    if (!isDeployed) throw deployFailure(task, { ...result.deployment, endpoint });
    return result;
  } finally {
    await port.endTurn(turn, isDeployed);
  }
}

function supersession({ runId }: Turn, by: Turn | undefined): string {
  if (by === undefined) return 'a model that was accepted later goes to this endpoint';
  const whose = by.runId === runId ? `task "${by.task}"` : `run "${by.runId}"`;
  return `the model of ${whose}, accepted later, goes to this endpoint instead`;
}

/** Ends the task without a deployment (G3). */
function keptBack(context: RunContext, leaf: LeafTask, deployment: DeploymentView): TaskOutcome {
  context.tracker.deployed(leaf.path, deployment);
  context.tracker.ended(leaf.path, 'skipped', { reason: deployment.reason });
  return { status: 'skipped', outputs: NO_VALUES };
}

function placeOf({ endpointName: endpoint, model }: DeployRequest) {
  return { endpoint, modelDigest: model.digest };
}
