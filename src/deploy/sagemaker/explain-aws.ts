// What AWS answers to a deployment, in our words.

import {
  awsFailureOf,
  isTransient,
  withoutRequest,
  type AwsCallerOptions,
} from '../../aws/index.js';
import { deployErrors, isAnnealError } from '../../errors/index.js';

/** How the calls for one endpoint explain their failures. */
export function explainAws(endpoint: string): Pick<AwsCallerOptions, 'refused' | 'exhausted'> {
  return {
    refused: (error) => asAnnealError(endpoint, error),
    exhausted: (failure, cause) => {
      const reason = failure === 'throttled' ? 'AWS throttled every call' : 'AWS did not answer';
      const hint = 'Try again later; nothing is done twice.';
      return deployErrors.deploymentFailed(endpoint, reason, { hint, retryable: true, cause });
    },
  };
}

/** An AWS error in our words; anything else as it is. */
export function asAnnealError(endpoint: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const failure = awsFailureOf(error);
  if (failure === undefined || isAnnealError(error)) return error;
  if (failure === 'denied') {
    return deployErrors.awsConfigWrong(
      `AWS refused the caller: ${error.message}`,
      'Check the credentials, the region and the policy of the worker.',
      withoutRequest(error),
    );
  }
  return deployErrors.deploymentFailed(endpoint, `AWS said ${error.name}: ${error.message}`, {
    cause: withoutRequest(error),
    retryable: isTransient(failure),
  });
}
