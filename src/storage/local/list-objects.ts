import { lstat, readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import type { StoredObject } from '../artifact-store.js';
import { isStoreSegment } from '../store-key.js';
import { guarded, unlessMissing } from './guarded.js';

/**
 * Walks a folder of the store in the byte order of full keys, as S3 lists them.
 * Links, devices, the store's own dot folders and files whose names are no valid segments are left out.
 *
 * @param key key of the folder; `''` for the root
 */
export async function* listObjects(path: string, key: string): AsyncGenerator<StoredObject> {
  for (const entry of await sortedEntries(path)) {
    const entryPath = join(path, entry.name);
    const entryKey = key === '' ? entry.name : `${key}/${entry.name}`;
    if (entry.isDirectory()) {
      yield* listObjects(entryPath, entryKey);
      continue;
    }
    const found = await guarded('read', entryPath, () => unlessMissing(() => lstat(entryPath)));
    if (found?.isFile()) {
      yield { key: entryKey, sizeBytes: found.size, modifiedAtMs: found.mtimeMs };
    }
  }
}

/** Names of the folders directly below a folder, sorted. */
export async function listFolderNames(path: string): Promise<string[]> {
  const entries = await sortedEntries(path);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function sortedEntries(path: string): Promise<Dirent[]> {
  const entries = await guarded('list', path, () =>
    unlessMissing(() => readdir(path, { withFileTypes: true })),
  );
  return (entries ?? [])
    .filter((entry) => isStoreSegment(entry.name))
    .sort((left, right) => (sortName(left) < sortName(right) ? -1 : 1));
}

// `a/x` sorts after `a-b/x`, because `-` is a smaller byte than `/`.
function sortName(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}
