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
    await makeFolder(folder);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    if (dirname(folder) === root) throw rootGone(root);
    await ensureFolder(root, dirname(folder));
    await makeFolder(folder);
  }
}

/** Makes the root of a store with its parents: Node's own recursive mkdir never ends where a system lies about ENOENT. */
export async function ensureRoot(root: string): Promise<void> {
  try {
    await makeFolder(root);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(root) === root) throw error;
    await ensureRoot(dirname(root));
    await makeFolder(root);
  }
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

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw error;
  }
  await syncFolder(dirname(folder));
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
