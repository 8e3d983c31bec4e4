// The workflow types of this project: `pipeline`, and every other name as the name of a pipeline.

import { workflowInfo } from '@temporalio/workflow';
import type { RunInput, RunView } from '../contract/index.js';
import type { JsonObject } from '../util/json.js';
import { runWorkflow } from './run-workflow.js';

/** Workflow type `pipeline`: runs what its input names. */
export async function pipeline(input: RunInput): Promise<RunView> {
  return runWorkflow(input);
}

/** Any other workflow type: the type is the pipeline's name, the input its parameters. */
export default async function pipelineByName(parameters?: JsonObject): Promise<RunView> {
  return runWorkflow({ pipeline: { name: workflowInfo().workflowType }, parameters });
}
