import { workflowInfo } from '@temporalio/workflow';
import { poolQueue } from '../contract/index.js';
import type {
  AnnealActivities,
  DeployRequest,
  DeployResult,
  ImportRequest,
  ApprovalView,
  JudgeResult,
  RecordApprovalRequest,
  RunPlan,
  TaskPool,
  TaskRequest,
  TaskResult,
} from '../contract/index.js';
import { dispatch } from './dispatch.js';

/** The activities that carry out tasks, each sent to the pool of workers that is made for it. */
export interface TaskCalls {
  runTask(request: TaskRequest): Promise<TaskResult>;
  importArtifact(request: ImportRequest): Promise<TaskResult>;
  judgeModel(request: DeployRequest): Promise<JudgeResult>;
  recordApproval(request: RecordApprovalRequest): Promise<ApprovalView>;
  deployModel(request: DeployRequest): Promise<DeployResult>;
}

/** Binds them to the queues of one run; runs that know no pools send all to the workflow's own queue. */
export function taskCalls({ routing, heartbeatSeconds }: RunPlan): TaskCalls {
  const base = routing?.base ?? workflowInfo().taskQueue;
  const send = <Result>(
    summary: string,
    pool: TaskPool,
    call: (activities: AnnealActivities) => Promise<Result>,
  ): Promise<Result> => {
    const taskQueue = routing && poolQueue(routing.base, pool);
    return dispatch({ summary, heartbeatSeconds, taskQueue }, base, call);
  };
  return {
    runTask: (request) => {
      const pool = routing?.onGpu.includes(request.executor) ? 'gpu' : 'cpu';
      return send(request.task, pool, (activities) => activities.runTask(request));
    },
    importArtifact: (request) =>
      send(request.task, 'cpu', (activities) => activities.importArtifact(request)),
    // The gate asks the endpoint what it serves: only workers that deploy can.
    judgeModel: (request) =>
      send(`${request.task}: gate`, 'deploy', (activities) => activities.judgeModel(request)),
    recordApproval: (request) =>
      send(`${request.deployment.task}: answer`, 'deploy', (activities) =>
        activities.recordApproval(request),
      ),
    deployModel: (request) =>
      send(request.task, 'deploy', (activities) => activities.deployModel(request)),
  };
}
