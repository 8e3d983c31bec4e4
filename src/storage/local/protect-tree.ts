// Makes the files of an output unchangeable.
//
// P1. Files become 0400, so that a task that writes into its input fails by itself instead of damaging the store.
//     Folders stay 0700: copies that tasks make of an input folder (shutil.copytree keeps modes) stay writable.
// P2. A file that shares its bytes with another name (hard link) is copied first: P1 must not reach the other name.

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactFiles } from './artifact-files.js';

/** Protects a listed artifact (P1, P2); `temporaryFolder` is on the same file system. */
export async function protectTree(tree: ArtifactFiles, temporaryFolder: string): Promise<void> {
  for (const folder of tree.folders) await chmod(folder, 0o700);
  for (const { path } of tree.files) {
    const { nlink, mode } = await lstat(path);
    if (nlink > 1) await unshare(path, temporaryFolder);
    if (nlink > 1 || (mode & 0o777) !== 0o400) await chmod(path, 0o400);
  }
}

async function unshare(path: string, temporaryFolder: string): Promise<void> {
  const copy = join(temporaryFolder, randomUUID());
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  await rename(copy, path);
}
