// Deploys as the endpoint's policy says: a person agrees where one is asked, and deployments to one endpoint take turns.
//
// G1. A person is asked once for each task, whatever tries follow; the answer goes to the deployer, which checks it.
// G2. No turn is held while a person thinks, nor while the run is paused: a turn is taken for one try.
// G3. A model that is kept back is no failure: its task is skipped, with what follows, and the run succeeds.

import type {
  ApprovalAnswer,
  DeploymentView,
  DeployRequest,
  DeployResult,
  DeployRules,
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
 * Deploys under the rules of the endpoint.
 *
 * @returns undefined in runs of versions that knew no rules: even a settled promise would change the order of what
 *   follows
 * @throws TaskFailure when the deployment failed or the run was canceled
 */
export function runGuardedDeploy(
  context: RunContext,
  leaf: LeafTask,
): Promise<TaskOutcome> | undefined {
  const { endpointName: endpoint } = deployRequest(context.plan, leaf, 1);
  const rules = context.port.deployPolicy({ task: leaf.path, endpoint }, leaf);
  return rules && deployByRules(context, leaf, rules);
}

async function deployByRules(
  context: RunContext,
  leaf: LeafTask,
  rules: Promise<DeployRules>,
): Promise<TaskOutcome> {
  const request = deployRequest(context.plan, leaf, 1);
  const answer = await agreement(context, leaf, request, await rules);
  if (answer?.approved === false) {
    const reason = refusal(answer);
    return keptBack(context, leaf, { ...placeOf(request), status: 'refused', reason });
  }
  const acceptedAt = answer?.at ?? new Date(context.port.now()).toISOString();
  const result = await withRetries(context, leaf, (attempt) => {
    const attempted = { ...request, attempt, ...(answer && { approval: approvalOf(answer) }) };
    return deployInTurn(context, leaf, attempted, acceptedAt);
  });
  if ('kept' in result) return keptBack(context, leaf, result.kept);
  const outputs = flowOf(result.outputs);
  context.tracker.succeeded(leaf.path, outputs, { ...result, cached: false });
  return { status: 'succeeded', outputs };
}

/** Asks a person where the rules say so (G1). @returns undefined when nobody is to be asked */
async function agreement(
  { port }: RunContext,
  leaf: LeafTask,
  { task, endpointName: endpoint, model }: DeployRequest,
  { approval: policy }: DeployRules,
): Promise<ApprovalAnswer | undefined> {
  if (policy === undefined) return undefined;
  const question = { task, endpoint, modelDigest: model.digest, policy };
  const answer = await port.awaitApproval(question, leaf);
  const held = answer.approved ? port.hold(leaf) : undefined;
  if (held !== undefined) await held; // G2
  if (answer.approved || answer.by !== undefined) return answer;
  const hours = formatDuration(policy.timeoutHours * 3600);
  return { ...answer, reason: `nobody approved within ${hours}` };
}

function refusal({ by, reason }: Extract<ApprovalAnswer, { approved: false }>): string {
  if (by === undefined) return reason;
  return `rejected by ${by}${reason === '' ? '' : `: ${reason}`}`;
}

function approvalOf({ by, reason, at }: Extract<ApprovalAnswer, { approved: true }>) {
  return { by, ...(reason !== undefined && { reason }), at };
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
    isDeployed = result.deployment.status === 'promoted';
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
