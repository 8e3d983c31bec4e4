import { workflowInfo } from '@temporalio/workflow';
import { isInPlace, poolQueue } from '../contract/index.js';
import type { ModelChangeRequest, ModelChangeResult, Turn } from '../contract/index.js';
import { DeployTurns } from './deploy-turns.js';
import { dispatch } from './dispatch.js';

/**
 * Makes an endpoint serve a registered version: one activity on the deploy workers, however often it is lost, when it is
 * the change's turn. A model that was accepted meanwhile goes there instead.
 */
export async function modelWorkflow(request: ModelChangeRequest): Promise<ModelChangeResult> {
  const { name, version } = request;
  const turns = new DeployTurns();
  const turn = turnOf(request);
  const { granted, by } = await turns.take(turn);
  if (!granted) {
    const reason = `the model of ${by?.runId ?? 'a later deployment'}, accepted later, goes to this endpoint instead`;
    return { name, version, deployment: { status: 'superseded', endpoint: name, reason } };
  }
  let isDeployed = false;
  try {
    const result = await change(request);
    isDeployed = isInPlace(result.deployment);
    return result;
  } finally {
    await turns.end(turn, isDeployed);
  }
}

function turnOf({ name, version, change }: ModelChangeRequest): Turn {
  const { workflowId } = workflowInfo();
  return {
    id: workflowId,
    runId: workflowId,
    task: `${change} ${name}@${version}`,
    endpoint: name,
    acceptedAt: new Date().toISOString(),
  };
}

function change(request: ModelChangeRequest): Promise<ModelChangeResult> {
  const { taskQueue: base } = workflowInfo();
  const activity = {
    summary: `${request.change} ${request.name}@${request.version}`,
    heartbeatSeconds: request.heartbeatSeconds,
    taskQueue: poolQueue(base, 'deploy'),
  };
  return dispatch(activity, base, (calls) => calls.deployVersion(request));
}
