import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from './durable-folder.js';
import { unlessMissing } from './guarded.js';

/** Older temporary files belong to a process that died: a document is written in far less. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/**
 * Opens the store's folder of temporary files and removes what crashed processes left there.
 *
 * @param nowMs milliseconds since the epoch
 * @returns its path
 */
export async function openTemporaryFolder(root: string, nowMs: number): Promise<string> {
  const folder = join(root, '.tmp');
  await ensureFolder(root, folder);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await unlessMissing(() => lstat(path));
    if (found !== undefined && nowMs - found.mtimeMs > LEFTOVER_AGE_MS) {
      await rm(path, { force: true, recursive: true });
    }
  }
  return folder;
}
