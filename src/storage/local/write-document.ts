// Writes small documents whole or not at all.
//
// W1. The bytes are complete and synced under a temporary name before the final name exists.
// W2. A final name is made by link() (fails when it exists: exclusive) or rename() (replaces), both atomic.
// W3. The folder is synced before success is reported, so a power cut cannot undo what a caller relied on.
// W4. Temporary files live in one folder of the same file system: no listing meets them, and cleaning
//     after a crash reads one folder instead of the whole store.

import { randomUUID } from 'node:crypto';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import { syncFolder } from './durable-folder.js';
import { systemCode } from './guarded.js';

/**
 * Creates a document that must not exist yet.
 * @returns false when it exists; its bytes are left alone
 */
export async function createDocument(
  temporaryFolder: string,
  path: string,
  bytes: Uint8Array | string,
): Promise<boolean> {
  return withTemporaryFile(temporaryFolder, bytes, async (temporary) => {
    try {
      await link(temporary, path);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      if ((await lstat(path)).isDirectory()) throw storageErrors.storeKeyTaken(path, error);
      return false;
    }
    await syncFolder(dirname(path));
    return true;
  });
}

/** Creates a document or replaces it in one step. */
export async function replaceDocument(
  temporaryFolder: string,
  path: string,
  bytes: Uint8Array | string,
): Promise<void> {
  await withTemporaryFile(temporaryFolder, bytes, async (temporary) => {
    await rename(temporary, path);
    await syncFolder(dirname(path));
  });
}

async function withTemporaryFile<T>(
  folder: string,
  bytes: Uint8Array | string,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = join(folder, randomUUID());
  try {
    await writeSynced(temporary, bytes);
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
