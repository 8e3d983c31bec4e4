// Wording for what MLflow answers, or does not.

import { AnnealError } from './anneal-error.js';

export interface MlflowFailure {
  readonly reason: string;
  readonly retryable: boolean;
  /** MLflow's own code: RESOURCE_ALREADY_EXISTS. */
  readonly errorCode?: string;
  readonly hint?: string;
}

/** Made when a call of MLflow's REST API failed. @param address  the tracking server's, which holds no secret */
export function mlflowFailed(
  address: string,
  { reason, retryable, errorCode, hint }: MlflowFailure,
): AnnealError {
  return new AnnealError(`MLflow at ${address}: ${reason}.`, {
    code: 'E_MLFLOW',
    hint: hint ?? 'Check ANNEAL_MLFLOW_TRACKING_URI, and try it: anneal hooks test.',
    retryable,
    details: { address, ...(errorCode === undefined ? {} : { errorCode }) },
  });
}
