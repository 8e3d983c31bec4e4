// A folder in a bucket that others write to: listed from a key on, and copied in parts.

import type { ExternalFile, ExternalFolder } from '../artifact-store.js';
import type { Bucket } from './bucket.js';
import type { CopyCache } from './copy-cache.js';
import { copyOf } from './copy-of.js';
import { downloadTree } from './download-tree.js';
import { listBucket, listFolderNames } from './list-bucket.js';
import { assertPath, type RemoteFile, type RemoteTree } from './remote-tree.js';

export class BucketFolder implements ExternalFolder {
  private readonly prefix: string;

  constructor(
    private readonly bucket: Bucket,
    key: string,
    private readonly copies: CopyCache,
  ) {
    this.prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  }

  async folders(path: string): Promise<readonly string[]> {
    return (await listFolderNames(this.bucket, this.prefixOf(path))).sort();
  }

  async *files(path: string, after?: string): AsyncGenerator<ExternalFile> {
    const start = after === undefined ? undefined : `${this.prefix}${after}`;
    for await (const { key, sizeBytes, etag } of listBucket(
      this.bucket,
      this.prefixOf(path),
      start,
    )) {
      if (key.endsWith('/')) continue; // a marker of a console
      yield { path: key.slice(this.prefix.length), sizeBytes, etag };
    }
  }

  async fetch(path: string, files: readonly ExternalFile[], inUse?: AbortSignal): Promise<string> {
    const tree: RemoteTree = {
      kind: 'folder',
      files: files.map((file) => this.remoteFile(path, file)),
    };
    const make = (target: string): Promise<void> => downloadTree(this.bucket, tree, target, inUse);
    const copy = copyOf(this.bucket, this.prefixOf(path), tree, make);
    return this.copies.copy({ ...copy, inUse });
  }

  private prefixOf(path: string): string {
    return `${this.prefix}${path}/`;
  }

  private remoteFile(folder: string, { path, sizeBytes, etag }: ExternalFile): RemoteFile {
    const key = `${this.prefix}${path}`;
    const relativePath = path.slice(folder.length + 1);
    assertPath(this.bucket.uriOf(key), relativePath);
    return { key, relativePath, sizeBytes, etag, modifiedAtMs: 0 };
  }
}
