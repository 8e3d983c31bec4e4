import { createHash } from 'node:crypto';
import type { Bucket } from './bucket.js';
import type { CopyRequest } from './copy-cache.js';
import type { RemoteTree } from './remote-tree.js';

/** Describes the copy of an artifact: another version of any file makes another copy. */
export function copyOf(
  bucket: Bucket,
  key: string,
  tree: RemoteTree,
  make: (path: string) => Promise<void>,
): Omit<CopyRequest, 'inUse'> {
  const files = tree.files.map(({ relativePath, etag, sizeBytes }) => [
    relativePath,
    etag,
    sizeBytes,
  ]);
  const version = JSON.stringify([bucket.uriOf(key), tree.kind, files]);
  return {
    id: createHash('sha256').update(version).digest('hex').slice(0, 32),
    name: nameOf(key),
    sizeBytes: tree.files.reduce((total, file) => total + file.sizeBytes, 0),
    make,
  };
}

/** The last segment, as tools look at a file's ending; what file systems would not take becomes `content`. */
function nameOf(key: string): string {
  const name = key.split('/').filter(Boolean).at(-1) ?? '';
  return name === '.' || name === '..' || name === '' || Buffer.byteLength(name) > 255
    ? 'content'
    : name;
}
