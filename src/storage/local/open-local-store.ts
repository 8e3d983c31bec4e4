import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import type { ArtifactStore } from '../artifact-store.js';
import { ensureRoot } from './durable-folder.js';
import { guarded } from './guarded.js';
import { LocalStore, type OpenExternal } from './local-store.js';
import { openTemporaryFolder } from './temporary-folder.js';

export interface OpenLocalStoreOptions {
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
  /** Opens what copies importers' data from elsewhere; without it there is none. */
  readonly openExternal?: OpenExternal;
}

/**
 * Opens a folder as artifact store, making it (mode 0700) when it is new.
 * Temporary files that crashed processes left more than an hour ago are removed.
 *
 * @throws E_STORE when the folder cannot be made, read or written; E_STORE_FULL
 */
export async function openLocalStore(
  root: string,
  options: OpenLocalStoreOptions = {},
): Promise<ArtifactStore> {
  const folder = resolve(root);
  return guarded('open', folder, async () => {
    await ensureRoot(folder);
    const realRoot = await realpath(folder);
    if (!(await stat(realRoot)).isDirectory()) throw notAFolder(folder);
    const nowMs = (options.now ?? Date.now)();
    const temporaryFolder = await openTemporaryFolder(realRoot, nowMs);
    return new LocalStore({ root: realRoot, temporaryFolder, openExternal: options.openExternal });
  });
}

function notAFolder(path: string): Error {
  return storageErrors.storeFailed({
    action: 'open',
    path,
    reason: 'it is a file',
    hint: 'Set ANNEAL_STORE to a folder.',
    retryable: false,
  });
}
