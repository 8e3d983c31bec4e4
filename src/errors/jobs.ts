// Errors of tasks that run as jobs of a service: refused before the run, or failed for reasons that are not the
// task's own.

import { AnnealError } from './anneal-error.js';

/** Made when a service cannot start a task's image. */
export function jobImageRefused(image: string, reason: string, hint: string): AnnealError {
  return new AnnealError(`The image "${image}" cannot run as a SageMaker job: ${reason}.`, {
    code: 'E_IMAGE',
    hint,
    details: { image, reason },
  });
}

/** Made when the artifact store is not in S3, which jobs read and write. */
export function jobsNeedS3Store(storeUri: string): AnnealError {
  return new AnnealError(`SageMaker jobs cannot reach the artifact store at ${storeUri}.`, {
    code: 'E_RUNNER',
    hint: 'Set ANNEAL_STORE to s3://bucket/prefix, in the region of the jobs.',
    details: { storeUri },
  });
}

/** Made when the account may not have more of something. @param quota in AWS's words */
export function jobQuotaExceeded(task: string, quota: string, waitedSeconds: number): AnnealError {
  return new AnnealError(
    `AWS does not start the job of task "${task}": the quota "${quota}" is used up, also after ${waitedSeconds} s.`,
    {
      code: 'E_RUNNER',
      hint: 'Raise the quota in the Service Quotas console, choose another instance type, or run fewer tasks at once.',
      details: { task, quota, waitedSeconds },
    },
  );
}

/** Made when a job failed and the reason is neither the task's nor the infrastructure's. */
export function jobFailed(
  task: string,
  job: string,
  reason: string,
  options: { readonly hint?: string; readonly retryable?: boolean; readonly cause?: unknown } = {},
): AnnealError {
  return new AnnealError(`The SageMaker job ${job} of task "${task}" failed: ${reason}`, {
    code: 'E_RUNNER',
    hint: options.hint ?? 'Look at the job in the SageMaker console.',
    retryable: options.retryable ?? false,
    details: { task, job, reason },
    cause: options.cause,
  });
}

/** Made when a job of the task's deterministic name exists and is another one. */
export function jobNameTaken(task: string, job: string, difference: string): AnnealError {
  return new AnnealError(
    `A SageMaker job ${job} exists that was not made for task "${task}": it has another ${difference}.`,
    {
      code: 'E_RUNNER',
      hint: 'Start a new run: names of jobs can never be used again.',
      details: { task, job, difference },
    },
  );
}

/** Made when AWS could not fetch what the job was to read. */
export function jobInputFailed(task: string, job: string, reason: string): AnnealError {
  return new AnnealError(`The inputs of task "${task}" could not be fetched by ${job}: ${reason}`, {
    code: 'E_INPUT_NOT_FOUND',
    hint: 'Let the role of the jobs read the bucket, and check that the object exists.',
    details: { task, job, reason },
  });
}
