// Carries out a task that deploys: the gate of the endpoint first, a person where it asks for one, then the deployer.
//
// D1. Nothing is deployed without a decision that goes along with the request.
// D2. A refusal is the gate's answer, not a failure of the run: the task is skipped, as behind a false condition.

import type { ApprovalView, DeployRequest, JudgeResult, TaskResult } from '../contract/index.js';
import { deployRequest } from './deploy-request.js';
import type { LeafTask } from './leaf-task.js';
import { TaskFailure } from './port.js';
import type { RunContext } from './scope.js';

/** Why nothing was deployed. */
export interface RefusedDeployment {
  readonly refused: string;
}

/** Judges and deploys. @throws TaskFailure when the deployment failed */
export async function deployLeaf(
  context: RunContext,
  leaf: LeafTask,
  attempt: number,
): Promise<TaskResult | RefusedDeployment> {
  const request = deployRequest(context.plan, leaf, attempt);
  const options = { shielded: leaf.shielded };
  const judging = context.port.judgeModel(request, options);
  if (judging === undefined) return deploy(context, leaf, request);
  const judged = await judging;
  context.tracker.judged(leaf.path, judged.decision);
  const { verdict, reason, recordKey, recordDigest } = judged.decision;
  if (verdict === 'refused') return refuse(context, leaf, request, reason);
  const decided = { ...request, decision: { recordKey, recordDigest } }; // D1
  if (verdict === 'needs_approval') {
    const approval = await answerOf(context, leaf, decided, judged);
    if (approval.answer === 'rejected') {
      return refuse(context, leaf, request, rejection(approval));
    }
  }
  return deploy(context, leaf, decided);
}

/** The answer on record, or a person's. */
async function answerOf(
  context: RunContext,
  leaf: LeafTask,
  request: DeployRequest,
  judged: JudgeResult,
): Promise<ApprovalView> {
  const options = { shielded: leaf.shielded };
  const approval =
    judged.decision.approval ?? (await context.port.awaitApproval(request, judged, options));
  context.tracker.judged(leaf.path, { ...judged.decision, approval });
  return approval;
}

function rejection({ by, reason }: ApprovalView): string {
  return `rejected by ${by}${reason === '' ? '' : `: ${reason}`}`;
}

/** D2 */
function refuse(
  context: RunContext,
  leaf: LeafTask,
  { endpointName, model }: DeployRequest,
  reason: string,
): RefusedDeployment {
  context.tracker.deployed(leaf.path, {
    status: 'refused',
    endpoint: endpointName,
    reason,
    ...(model.digest === undefined ? {} : { modelDigest: model.digest }),
  });
  return { refused: reason };
}

async function deploy(
  context: RunContext,
  leaf: LeafTask,
  request: DeployRequest,
): Promise<TaskResult> {
  const result = await context.port.deployModel(request, { shielded: leaf.shielded });
  context.tracker.deployed(leaf.path, result.deployment);
  if (result.deployment.status === 'promoted') return { ...result, cached: false };
  throw new TaskFailure({
    code: 'E_DEPLOY',
    message: `Endpoint "${request.endpointName}" was not changed: ${(result.deployment.reason ?? result.deployment.status).replace(/\.$/u, '')}.`,
    task: leaf.path,
    hint: 'The model that served before still serves; mend the candidate and run again.',
  });
}
