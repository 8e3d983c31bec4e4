// Wording of the registry of models.

import { AnnealError } from './anneal-error.js';

/** Made when a version may not be deployed. @param decision  completes "…, for …" */
export function notDeployable(
  name: string,
  version: number,
  { decision, reason }: { readonly decision: string; readonly reason?: string },
): AnnealError {
  const why = reason === undefined ? '' : ` (${reason.replace(/\.$/, '')})`;
  return new AnnealError(`${name}@${version} is not deployed: ${decision}${why}.`, {
    code: 'E_DEPLOY_REFUSED',
    hint: `Only a version that the gate accepted goes live; see anneal models show ${name}.`,
    details: { model: name, version },
  });
}

/** Made when the champion is to be put away. */
export function isServing(name: string, version: number): AnnealError {
  return new AnnealError(`${name}@${version} cannot be archived: its endpoint serves it.`, {
    code: 'E_STATE',
    hint: `Promote another version first: anneal models promote ${name}@VERSION.`,
    details: { model: name, version },
  });
}

/** Made when there is nothing to go back to. */
export function noFormerChampion(name: string): AnnealError {
  return new AnnealError(`"${name}" cannot go back: no version served before the champion.`, {
    code: 'E_STATE',
    hint: `See its versions: anneal models show ${name}. Another one: anneal models promote ${name}@VERSION.`,
    details: { model: name },
  });
}

/** Made when the endpoint did not take the version. */
export function changeFailed(
  name: string,
  version: number,
  status: string,
  reason: string | undefined,
): AnnealError {
  const why = reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;
  return new AnnealError(`${name}@${version} did not go live (${status})${why}.`, {
    code: 'E_DEPLOY',
    hint: 'See what the endpoint serves now: anneal endpoints',
    details: { model: name, version, status },
  });
}

/** Made when a registry elsewhere did not take a version. */
export function mirrorFailed(
  version: string,
  reason: string,
  { retryable }: { readonly retryable: boolean },
): AnnealError {
  return new AnnealError(`${version} was not mirrored: ${reason}.`, {
    code: 'E_MODEL_REGISTRY',
    hint: 'Bring it there later: anneal models export.',
    retryable,
  });
}
