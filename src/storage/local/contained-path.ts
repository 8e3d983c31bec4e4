// Keeps every access inside the store's folder.
//
// P1. The root was resolved once, and keys hold no links by themselves: so a folder whose real path differs
//     from its own path has a link in it, put there by someone else, and is refused.

import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import { unlessMissing } from './guarded.js';

/** The path of a key below the root; the key must have been checked by assertStoreKey. */
export function pathOfKey(root: string, key: string): string {
  return join(root, ...key.split('/'));
}

/**
 * Refuses a path whose existing folders contain a link (P1). Folders that do not exist yet are fine.
 * @throws E_ARTIFACT
 */
export async function assertNoLinkAbove(root: string, path: string): Promise<void> {
  const folder = dirname(path);
  if (path === root || folder === root) return;
  const real = await unlessMissing(() => realpath(folder));
  if (real === undefined) return assertNoLinkAbove(root, folder);
  if (real !== folder)
    throw storageErrors.artifactRefused(path, 'a folder above it is a symbolic link');
}
