// What an artifact consists of in a bucket.
//
// R1. An object at the key is a file; objects below it are a folder; an empty object at `key/` is a folder
//     without files.
// R2. Paths within a folder come from the bucket and become paths of this machine: none may climb or be odd.

import { storageErrors } from '../../errors/index.js';
import type { Bucket, ObjectDetails, RemoteObject } from './bucket.js';
import { listBucket } from './list-bucket.js';

export interface RemoteFile extends RemoteObject {
  /** Path within the artifact; `''` when it is one file. */
  readonly relativePath: string;
}

export interface RemoteTree {
  readonly kind: 'file' | 'folder';
  /** Sorted by path as UTF-8 bytes. */
  readonly files: readonly RemoteFile[];
  /** The file's own details, known already. */
  readonly details?: ObjectDetails;
}

/** Most files a folder may hold, as in the local store. */
const MAX_FILES = 100_000;

/** Finds the artifact at a key (R1). @returns undefined when nothing is there. @throws E_ARTIFACT (R2) */
export async function readRemoteTree(bucket: Bucket, key: string): Promise<RemoteTree | undefined> {
  const details = key.endsWith('/') || key === '' ? undefined : await bucket.head(key);
  if (details !== undefined) {
    return { kind: 'file', files: [{ ...details, relativePath: '' }], details };
  }
  return readRemoteFolder(bucket, key);
}

/** Finds the folder at a key, whether or not an object stands at the key itself. */
export async function readRemoteFolder(
  bucket: Bucket,
  key: string,
): Promise<RemoteTree | undefined> {
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const files: RemoteFile[] = [];
  let isThere = false;
  for await (const object of listBucket(bucket, prefix)) {
    isThere = true;
    if (object.key.endsWith('/') && object.sizeBytes === 0) continue; // a marker, of ours or of a console
    const relativePath = object.key.slice(prefix.length);
    assertPath(bucket.uriOf(object.key), relativePath);
    files.push({ ...object, relativePath });
    if (files.length > MAX_FILES) {
      throw storageErrors.artifactRefused(
        bucket.uriOf(key),
        `it holds more than ${MAX_FILES} files`,
      );
    }
  }
  return isThere ? { kind: 'folder', files } : undefined;
}

/** Refuses what could climb out of a folder, or be odd in it (R2). @throws E_ARTIFACT */
export function assertPath(uri: string, relativePath: string): void {
  const isOdd = relativePath
    .split('/')
    .some((segment) => segment === '' || segment === '.' || segment === '..');
  if (isOdd || /[\u0000\n\r\uFFFD]/.test(relativePath)) {
    throw storageErrors.artifactRefused(uri, 'its name cannot be a path within a folder');
  }
}
