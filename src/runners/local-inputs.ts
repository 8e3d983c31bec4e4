import { fileURLToPath } from 'node:url';
import type { ArtifactRef, TaskValues } from '../contract/index.js';
import { storageErrors } from '../errors/index.js';
import { openImportSource } from '../storage/index.js';
import type { ArtifactStore } from '../storage/index.js';

/** Data that an importer has let in already may be read wherever it lies. */
const ALREADY_ALLOWED = { baseFolder: '/', allowedRoots: [], allowAnyLocalPath: true };

/**
 * Makes every input readable on this machine, and says where; addresses of elsewhere are left out.
 *
 * @returns local paths by address
 * @throws E_DIGEST when imported data is no longer what the importer recorded; E_INPUT_NOT_FOUND, E_ARTIFACT
 */
export async function localInputs(
  inputs: TaskValues,
  store: ArtifactStore,
): Promise<Map<string, string>> {
  const locals = new Map<string, string>();
  for (const artifact of Object.values(inputs.artifacts).flat()) {
    const { uri } = artifact;
    if (store.keyOf(uri) !== undefined) locals.set(uri, await store.localPath(uri));
    else if (uri.startsWith('file://')) locals.set(uri, await unchangedSource(artifact));
  }
  return locals;
}

/** Outside the store nothing is read-only: a file that changed would make lineage and cache lie. */
async function unchangedSource({ uri, digest }: ArtifactRef): Promise<string> {
  if (digest === undefined) return fileURLToPath(uri);
  const source = await openImportSource(uri, ALREADY_ALLOWED);
  if (source.digest === digest) return source.localPath;
  throw storageErrors.sourceChanged(uri, digest, source.digest);
}
