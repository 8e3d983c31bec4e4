import type { RunLock } from '../../lineage/index.js';
import type { StartRequest } from '../start-request.js';

/** The start of a run that is to make the same again: nothing from a cache, and nothing deployed. */
export function reproduction({ pipeline, parameters, baseFolder }: RunLock): StartRequest {
  const { name, digest } = pipeline;
  return {
    pipeline: { name, digest },
    parameters,
    options: { cache: false, deploy: false, baseFolder },
  };
}
