import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ArtifactStore } from '../artifact-store.js';
import { guarded } from './guarded.js';
import { LocalStore } from './local-store.js';
import { openTemporaryFolder } from './temporary-folder.js';

export interface OpenLocalStoreOptions {
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
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
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const realRoot = await realpath(folder);
    const nowMs = (options.now ?? Date.now)();
    return new LocalStore(realRoot, await openTemporaryFolder(realRoot, nowMs));
  });
}
