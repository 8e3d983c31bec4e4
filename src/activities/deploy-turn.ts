// The queues of endpoints, as activities reach them: through the worker's own connection.

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ASK_TURN_SIGNAL, DEPLOY_LOCK_WORKFLOW, deployLockId } from '../contract/index.js';
import type { TurnRequest } from '../contract/index.js';
import { assertEndpointName } from '../deploy/index.js';

/** Puts a deployment into its endpoint's queue, which begins with the first. @throws E_ENDPOINT_NAME */
export async function askForTurn(
  client: Client,
  taskQueue: string,
  request: TurnRequest,
): Promise<void> {
  const { endpoint } = request;
  assertEndpointName(endpoint);
  await client.workflow.signalWithStart(DEPLOY_LOCK_WORKFLOW, {
    workflowId: deployLockId(endpoint),
    taskQueue,
    staticSummary: `deployments to ${endpoint} take turns`,
    signal: ASK_TURN_SIGNAL,
    signalArgs: [request],
  });
}

/** Whether a workflow of that id runs; one that was reset runs under its id. */
export async function isRunOpen(
  client: Client,
  { workflowId }: Pick<TurnRequest, 'workflowId'>,
): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
