import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { RunView } from '../contract/index.js';

/** What the server alone knows of a run. */
export function bareView(description: WorkflowExecutionDescription): RunView {
  const pipeline = description.memo?.['pipeline'];
  return {
    runId: description.workflowId,
    pipeline: typeof pipeline === 'string' ? pipeline : description.type,
    digest: '',
    status: 'running',
    startedAt: description.startTime.toISOString(),
    parameters: {},
    outputs: {},
    tasks: [],
    warnings: [],
  };
}
