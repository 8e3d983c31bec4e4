// What AWS answers to the calls for one job, in our words.

import {
  awsFailureOf,
  isTransient,
  withoutRequest,
  type AwsCallerOptions,
} from '../../aws/index.js';
import { deployErrors, isAnnealError } from '../../errors/index.js';
import { jobFailed } from '../../errors/jobs.js';
import { taskLost } from '../../errors/task.js';

/** Thrown where a quota of the account stands in the way: it may be free a little later. */
export class QuotaExceeded extends Error {
  constructor(
    /** In AWS's words. */
    readonly quota: string,
  ) {
    super(quota);
  }
}

/** How the calls for one task's job explain their failures. */
export function explainAws(
  task: string,
  job: string,
): Pick<AwsCallerOptions, 'refused' | 'exhausted'> {
  return {
    refused: (error) => refusal(task, job, error),
    exhausted: (failure) => {
      const said = failure === 'throttled' ? 'AWS throttled every call' : 'AWS did not answer';
      return taskLost(task, `${said} about its job ${job}`);
    },
  };
}

function refusal(task: string, job: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const failure = awsFailureOf(error);
  if (failure === undefined || isAnnealError(error)) return error;
  if (error.name === 'ResourceLimitExceeded') return new QuotaExceeded(quotaOf(error.message));
  const cause = withoutRequest(error);
  if (failure === 'denied' || isRoleProblem(error.message)) {
    return deployErrors.awsConfigWrong(
      `AWS refused the job of task "${task}": ${error.message}`,
      'Check credentials, region, the role of the jobs and the policies of docs/aws/README.md.',
      cause,
    );
  }
  const retryable = isTransient(failure);
  return jobFailed(task, job, `AWS said ${error.name}: ${error.message}`, { retryable, cause });
}

/** "The account-level service limit 'ml.p3.2xlarge for processing job usage' is 0 Instances, …" */
function quotaOf(message: string): string {
  return /service limit '([^']+)'/.exec(message)?.[1] ?? message;
}

function isRoleProblem(message: string): boolean {
  return /could not assume role|PassRole|not authorized/i.test(message);
}
