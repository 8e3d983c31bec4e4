import { fileURLToPath } from 'node:url';
import type { TaskValues } from '../contract/index.js';
import { storageErrors } from '../errors/index.js';
import { openImportSource } from '../storage/index.js';
import type { ArtifactStore, ImportTools } from '../storage/index.js';

/** Data that an importer has let in already may be read wherever it lies. */
const ALREADY_ALLOWED = { baseFolder: '/', allowedRoots: [], allowAnyPlace: true };

/**
 * Makes every input readable on this machine, and says where; addresses of elsewhere are left out.
 *
 * @param inUse  copies of what lies elsewhere stay at least until this is aborted
 * @returns local paths by address
 * @throws E_DIGEST when imported data is no longer what the importer recorded; E_INPUT_NOT_FOUND, E_ARTIFACT
 */
export async function localInputs(
  inputs: TaskValues,
  store: ArtifactStore,
  inUse?: AbortSignal,
): Promise<Map<string, string>> {
  const locals = new Map<string, string>();
  for (const artifact of Object.values(inputs.artifacts).flat()) {
    const { uri, digest } = artifact;
    if (store.keyOf(uri) !== undefined) locals.set(uri, await store.localPath(uri, inUse));
    else if (uri.startsWith('file://') && digest === undefined) locals.set(uri, fileURLToPath(uri));
    else if (digest !== undefined && /^(file|s3):\/\//.test(uri)) {
      locals.set(uri, await unchangedSource(uri, digest, { store, inUse }));
    }
  }
  return locals;
}

/** Outside the store nothing is read-only: a file that changed would make lineage and cache lie. */
async function unchangedSource(uri: string, digest: string, tools: ImportTools): Promise<string> {
  const source = await openImportSource(uri, ALREADY_ALLOWED, tools);
  if (source.digest === digest) return source.localPath;
  throw storageErrors.sourceChanged(uri, digest, source.digest);
}
