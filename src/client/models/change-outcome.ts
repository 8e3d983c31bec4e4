import { WorkflowFailedError } from '@temporalio/client';
import type { ModelChangeResult } from '../../contract/index.js';
import { clientErrors, modelErrors } from '../../errors/index.js';
import { reportedError } from '../reported-error.js';

/**
 * Waits for the workflow of a change; one that failed says why.
 *
 * @throws the error of its activity; E_DEPLOY when the endpoint did not take the version
 */
export async function changeOutcome(
  result: Promise<ModelChangeResult>,
): Promise<ModelChangeResult> {
  const settled = await result.catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw reportedError(error) ?? clientErrors.internalFault(error.cause);
  });
  const { name, version, deployment } = settled;
  if (deployment.status === 'promoted') return settled;
  throw modelErrors.changeFailed(name, version, deployment.status, deployment.reason);
}
