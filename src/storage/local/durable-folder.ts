// Folders that survive a power cut: a name is durable once its folder is synced.

import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import { systemCode } from './guarded.js';

/**
 * Makes a folder below `root`, mode 0700, with its parents, each durable.
 * The root itself is never made: a store that was removed in the middle of a run must not come back empty.
 */
export async function ensureFolder(root: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    if (dirname(folder) === root) throw rootGone(root);
    await ensureFolder(root, dirname(folder));
    return ensureFolder(root, folder);
  }
  await syncFolder(dirname(folder));
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function rootGone(root: string): Error {
  return storageErrors.storeFailed({
    action: 'find',
    path: root,
    reason: 'the folder was removed or unmounted',
    hint: 'Put it back; nothing is written elsewhere meanwhile.',
    retryable: false,
  });
}
