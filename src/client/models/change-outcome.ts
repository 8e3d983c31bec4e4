import { ActivityFailure, ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { ErrorView, ModelChangeResult } from '../../contract/index.js';
import { AnnealError, clientErrors, modelErrors } from '../../errors/index.js';

/**
 * Waits for the workflow of a change; one that failed says why.
 *
 * @throws the error of its activity; E_DEPLOY when the endpoint did not take the version
 */
export async function changeOutcome(
  result: Promise<ModelChangeResult>,
): Promise<ModelChangeResult> {
  const settled = await result.catch((error: unknown) => {
    throw error instanceof WorkflowFailedError ? errorOf(error) : error;
  });
  const { name, version, deployment } = settled;
  if (deployment.status === 'promoted') return settled;
  throw modelErrors.changeFailed(name, version, deployment.status, deployment.reason);
}

/** The activity's own error, as it was before it crossed Temporal. */
function errorOf({ cause }: WorkflowFailedError): AnnealError {
  const failure = cause instanceof ActivityFailure ? cause.cause : cause;
  const view =
    failure instanceof ApplicationFailure
      ? (failure.details?.[0] as ErrorView | undefined)
      : undefined;
  if (view?.code === undefined) return clientErrors.internalFault(failure);
  const { code, message, hint, where, details } = view;
  return new AnnealError(message, { code, hint, where, details });
}
