// The workflow types of this project: `pipeline`, its slices, what serves runs, and every other name as the name of a
// pipeline.

import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type {
  DriftFinding,
  DriftSource,
  EventRequest,
  ModelChangeRequest,
  ModelChangeResult,
  MonitorInput,
  MonitorTick,
  MonitorView,
  RunInput,
  RunView,
  SliceRequest,
  SliceResult,
} from '../contract/index.js';
import type { DeployQueue, QueueEvent } from '../interpreter/index.js';
import type { JsonObject } from '../util/json.js';
import { deployLockWorkflow } from './deploy-lock-workflow.js';
import { eventWorkflow } from './event-workflow.js';
import { modelWorkflow } from './model-workflow.js';
import { monitorTickWorkflow } from './monitor/monitor-tick.js';
import { monitorCheckWorkflow, monitorWorkflow } from './monitor/monitor-workflow.js';
import { runWorkflow } from './run-workflow.js';
import { sliceWorkflow } from './slice-workflow.js';

/** Workflow type `pipeline`: runs what its input names. */
export async function pipeline(input: RunInput): Promise<RunView> {
  return runWorkflow(input);
}

/** Workflow type `pipelineSlice`: a part of a loop, started by its run only. */
export async function pipelineSlice(request: SliceRequest): Promise<SliceResult> {
  return sliceWorkflow(request);
}

/** Workflow type `pipelineEvent`: tells hooks of an event of a run, started by the run only. */
export async function pipelineEvent(request: EventRequest): Promise<void> {
  return eventWorkflow(request);
}

/** Workflow type `modelChange`: an endpoint goes to a registered version, outside a run. */
export async function modelChange(request: ModelChangeRequest): Promise<ModelChangeResult> {
  return modelWorkflow(request);
}

/** Workflow type `pipelineDeployLock`: deployments to one endpoint take turns; started by runs only. */
export async function pipelineDeployLock(
  queue?: DeployQueue,
  mail?: readonly QueueEvent[],
): Promise<void> {
  return deployLockWorkflow(queue, mail);
}
// It outlives the versions of workers: where they have some, it goes on with the newest. Without versioning there is a
// build but no deployment, and the server refuses any behaviour.
setWorkflowOptions(
  () =>
    workflowInfo().currentDeploymentVersion?.deploymentName
      ? { versioningBehavior: 'AUTO_UPGRADE' }
      : {},
  pipelineDeployLock,
);
/** Workflow type `annealMonitor`: watches one endpoint until it is stopped. */
export async function annealMonitor(input: MonitorInput): Promise<MonitorView> {
  return monitorWorkflow(input);
}

/** Workflow type `annealMonitorCheck`: one comparison of an endpoint's requests with its training data. */
export async function annealMonitorCheck(source: DriftSource): Promise<DriftFinding> {
  return monitorCheckWorkflow(source);
}

/** Workflow type `annealMonitorTick`: tells a monitor that a check is due, started by its schedule only. */
export async function annealMonitorTick(tick: MonitorTick): Promise<void> {
  return monitorTickWorkflow(tick);
}

/** Any other workflow type: the type is the pipeline's name, the input its parameters. */
export default async function pipelineByName(parameters?: JsonObject): Promise<RunView> {
  return runWorkflow({ pipeline: { name: workflowInfo().workflowType }, parameters });
}
