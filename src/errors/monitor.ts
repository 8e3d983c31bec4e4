// What can be wrong with watching a live model.

import { AnnealError } from './anneal-error.js';

/** Made when nothing says what the live model was trained on. */
export function trainingUnknown(subject: string, reason: string): AnnealError {
  return new AnnealError(`The training data of "${subject}" is not known: ${reason}.`, {
    code: 'E_STATE',
    hint: 'Deploy a model that a task of this project trained from a Dataset.',
    details: { subject },
  });
}

/** Made when an endpoint keeps no requests, and no other place was named. */
export function nothingCaptured(endpoint: string): AnnealError {
  return new AnnealError(`The endpoint "${endpoint}" keeps no requests on this machine.`, {
    code: 'E_STATE',
    hint: 'Turn data capture on and name its place: --captured s3://bucket/prefix',
    details: { endpoint },
  });
}

/** Made when the place of captured requests may not be read, or is none. */
export function capturedUnreadable(
  uri: string,
  { reason, hint }: { readonly reason: string; readonly hint: string },
  cause?: unknown,
): AnnealError {
  return new AnnealError(`The captured requests at "${uri}" cannot be read: ${reason}.`, {
    code: 'E_INPUT_NOT_FOUND',
    hint,
    details: { uri, reason },
    cause,
  });
}

/** Made when --captured is no place of data capture. */
export function capturedAddressWrong(uri: string): AnnealError {
  return new AnnealError(`"${uri.slice(0, 200)}" is no place of captured requests.`, {
    code: 'E_USAGE',
    hint: "Give the address of the policy's dataCapture: --captured s3://bucket/prefix",
  });
}

/** Made when the comparison could not be made. */
export function comparisonFailed(reason: string): AnnealError {
  return new AnnealError(`Requests and training data could not be compared: ${reason}`, {
    code: 'E_DATA',
    hint: 'The training data must hold every column that the model takes.',
  });
}

/** Made when the times of a monitor's checks contradict each other. */
export function monitorTimesUnclear(): AnnealError {
  return new AnnealError('The times of the checks are not clear.', {
    code: 'E_USAGE',
    hint: 'Give --every 6h, or --cron "0 6 * * *" with or without --tz Europe/Vienna.',
  });
}

/** Made when an endpoint has a monitor already. */
export function monitorExists(endpoint: string): AnnealError {
  return new AnnealError(`The endpoint "${endpoint}" has a monitor already.`, {
    code: 'E_ALREADY_STARTED',
    hint: `Stop it first: anneal monitor stop ${endpoint}`,
    details: { endpoint },
  });
}
