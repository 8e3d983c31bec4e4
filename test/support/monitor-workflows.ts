// The real monitor, with retrainings that take three hours and end as the parameter `ends` says for their check.

import { ApplicationFailure, sleep, workflowInfo } from '@temporalio/workflow';
import type { DeploymentStatus, RunInput, RunView } from '../../src/contract/index.js';

export { annealMonitor } from '../../src/workflow/index.js';

export async function pipeline({ parameters = {} }: RunInput): Promise<RunView> {
  await sleep('3 hours');
  const { workflowId: runId, startTime } = workflowInfo();
  const ends = parameters['ends'] as Readonly<Record<string, DeploymentStatus | 'fail'>>;
  const end = ends[runId.split('-').at(-1)!] ?? 'promoted';
  if (end === 'fail') throw ApplicationFailure.nonRetryable('The run failed in task "train".');
  return {
    ...{ runId, pipeline: 'demo', digest: '', status: 'succeeded', parameters },
    ...{ outputs: {}, tasks: [], warnings: [], startedAt: startTime.toISOString() },
    deployment: { status: end, endpoint: 'churn', reason: `as planned: ${end}` },
  };
}
