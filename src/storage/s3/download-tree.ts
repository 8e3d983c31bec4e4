// Copies an artifact from a bucket to this machine.
//
// D1. Every file is compared with the SHA-256 that the server or our metadata keep of it: damage on the way
//     is an error, never a copy.
// D2. Copies are read-only, as published files are, and synced: what a later start finds is whole.

import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import { guarded } from '../local/guarded.js';
import type { Bucket } from './bucket.js';
import { keptHex } from './digest-remote.js';
import { readRemote } from './read-remote.js';
import type { RemoteFile, RemoteTree } from './remote-tree.js';
import { runLimited } from './run-limited.js';

const FILES_AT_ONCE = 8;

/**
 * Downloads a file or folder to a path that does not exist yet.
 * @throws E_DIGEST (D1); E_STORE, E_STORE_FULL
 */
export async function downloadTree(
  bucket: Bucket,
  tree: RemoteTree,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  if (tree.kind === 'folder') await makeFolder(target);
  await runLimited(tree.files, FILES_AT_ONCE, async (file) => {
    const path = file.relativePath === '' ? target : join(target, ...file.relativePath.split('/'));
    await makeFolder(dirname(path));
    await downloadFile(bucket, file, path, { details: tree.details, signal });
  });
}

async function downloadFile(
  bucket: Bucket,
  file: RemoteFile,
  path: string,
  { details, signal }: Pick<RemoteTree, 'details'> & { readonly signal?: AbortSignal },
): Promise<void> {
  const kept = keptHex(details ?? (await bucket.head(file.key)) ?? file, true);
  const hash = createHash('sha256');
  const handle = await guarded('write', path, () => open(path, 'wx', 0o400));
  try {
    await readRemote(bucket, file, {
      signal,
      onChunk: async (chunk) => {
        hash.update(chunk);
        await guarded('write', path, () => handle.writeFile(chunk));
      },
    });
    await guarded('write', path, () => handle.sync());
  } finally {
    await handle.close();
  }
  const found = hash.digest('hex');
  if (kept !== undefined && kept !== found) {
    throw storageErrors.digestMismatch(bucket.uriOf(file.key), `sha256:${kept}`, `sha256:${found}`);
  }
}

async function makeFolder(folder: string): Promise<void> {
  await guarded('make', folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
}
