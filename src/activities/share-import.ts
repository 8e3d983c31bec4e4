// Where the tasks of a run find a file that an importer read on its own machine.
//
// S1. In a store that other machines reach, a copy is kept under the content's digest: whichever host takes a task can
//     read it, and importing the same bytes again stores nothing new. The importer's record keeps the address given.
// S2. In a folder store there is one machine; the file stays where it is.

import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { storageErrors } from '../errors/index.js';
import { keys } from '../lineage/index.js';
import { safeSegment, type ArtifactStore, type StoredContent } from '../storage/index.js';

/**
 * Makes an imported file or folder readable for every worker.
 *
 * @param source  its own address, its path on this machine, and its digest
 * @returns the address that tasks are given
 * @throws E_DIGEST when the file changed meanwhile; E_STORE
 */
export async function shareImport(
  store: ArtifactStore,
  source: Pick<StoredContent, 'digest'> & { readonly uri: string; readonly localPath: string },
): Promise<string> {
  const folder = keys.importFolder(source.digest);
  const isShared = !store.uriOf(folder).startsWith('file:');
  if (!isShared || !source.uri.startsWith('file:')) return source.uri; // S2
  const staging = await store.stage(folder);
  const name = safeSegment(basename(source.localPath));
  await cp(source.localPath, join(staging.folder, name), { recursive: true, dereference: true });
  const stored = await staging.publish(name);
  await staging.release();
  if (stored?.digest === source.digest) return staging.outputUri(name);
  throw storageErrors.sourceChanged(source.uri, source.digest, stored?.digest ?? 'nothing');
}
