// Names the run and its pipeline in every line that a workflow logs. Bundled with the workflows.
//
// L1. Nothing here waits: a step more between the workflow and its commands would change their order on replay.

import { workflowInfo } from '@temporalio/workflow';
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import {
  EVENT_WORKFLOW,
  PIPELINE_WORKFLOW,
  SERVICE_WORKFLOWS,
  SLICE_WORKFLOW,
} from '../../contract/index.js';
import type { EventRequest, RunInput, SliceRequest } from '../../contract/index.js';

/** Made for each workflow. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let pipeline: string | undefined;
  return {
    inbound: [
      {
        execute: (input, next) => {
          pipeline = pipelineOf(input.args[0]);
          return next(input); // L1
        },
      },
    ],
    outbound: [
      {
        getLogAttributes: (input, next) => {
          const { workflowId, runId } = workflowInfo();
          return next({
            ...input,
            pipeline,
            runId: workflowId.split('/', 1)[0], // slices and events are named after their run
            workflowId,
            workflowRunId: runId,
          });
        },
      },
    ],
  };
};

/** Nothing of the input has been checked yet. */
function pipelineOf(input: unknown): string | undefined {
  const { workflowType } = workflowInfo();
  if (workflowType === PIPELINE_WORKFLOW)
    return (input as Partial<RunInput> | undefined)?.pipeline?.name;
  if (workflowType === SLICE_WORKFLOW) {
    return (input as Partial<SliceRequest> | undefined)?.header?.run.pipeline;
  }
  if (workflowType === EVENT_WORKFLOW) {
    return (input as Partial<EventRequest> | undefined)?.event?.run.pipeline;
  }
  return SERVICE_WORKFLOWS.has(workflowType) ? undefined : workflowType;
}
