import { workflowInfo } from '@temporalio/workflow';
import { poolQueue } from '../contract/index.js';
import type { ModelChangeRequest, ModelChangeResult } from '../contract/index.js';
import { dispatch } from './dispatch.js';

/** Makes an endpoint serve a registered version: one activity on the deploy workers, however often it is lost. */
export async function modelWorkflow(request: ModelChangeRequest): Promise<ModelChangeResult> {
  const { name, version, change, heartbeatSeconds } = request;
  const { taskQueue: base } = workflowInfo();
  const activity = {
    summary: `${change} ${name}@${version}`,
    heartbeatSeconds,
    taskQueue: poolQueue(base, 'deploy'),
  };
  return dispatch(activity, base, (calls) => calls.deployVersion(request));
}
