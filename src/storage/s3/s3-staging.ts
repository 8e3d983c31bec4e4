// One attempt's work on this machine, and its outputs in a bucket.
//
// T1. Outputs become visible through the manifest alone; publish has them whole in the bucket before that.
// T2. Publishing again uploads what is not there yet, and removes what an earlier, interrupted publish left over.
// T3. What was published stays readable on this machine without a download: as a copy that shares the disk's bytes.

import { join } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import type { Staging, StoredContent } from '../artifact-store.js';
import { assertNoLinkAbove } from '../local/contained-path.js';
import { listArtifactFiles } from '../local/artifact-files.js';
import { digestFiles } from '../local/digest-content.js';
import { guarded } from '../local/guarded.js';
import { protectTree } from '../local/protect-tree.js';
import { assertStoreKey } from '../store-key.js';
import { copyOf } from './copy-of.js';
import { digestRemote } from './digest-remote.js';
import { linkTree } from './link-tree.js';
import { readRemoteTree } from './remote-tree.js';
import type { S3Parts } from './s3-parts.js';
import { uploadTree } from './upload-tree.js';

export interface S3StagingOptions extends S3Parts {
  readonly key: string;
  readonly folder: string;
  /** Removes what was published below a key of the store. */
  readonly removeRemote: (key: string) => Promise<void>;
}

export class S3Staging implements Staging {
  readonly folder: string;

  constructor(private readonly options: S3StagingOptions) {
    this.folder = options.folder;
  }

  get uri(): string {
    return this.options.place.uriOf(this.options.key);
  }

  outputUri(relativePath: string): string {
    return this.options.place.uriOf(this.keyBelow(relativePath));
  }

  async publish(relativePath: string): Promise<StoredContent | undefined> {
    const key = this.keyBelow(relativePath);
    const path = join(this.folder, ...relativePath.split('/'));
    const local = await guarded('publish', path, () => this.protectAndDigest(path));
    if (local === undefined) return undefined;
    const { place, bucket, copies } = this.options;
    const remote = await uploadTree(bucket, place.fullKey(key), local);
    await copies
      .copy(copyOf(bucket, place.fullKey(key), remote, (target) => linkTree(local.tree, target)))
      .catch(() => undefined); // T3 only saves time
    return local.content;
  }

  async adopt(relativePath: string, expected?: StoredContent): Promise<StoredContent | undefined> {
    const key = this.keyBelow(relativePath);
    const { place, bucket, versions } = this.options;
    const tree = await readRemoteTree(bucket, place.fullKey(key));
    if (tree === undefined) return undefined;
    const found = await digestRemote(bucket, tree, { trustMetadata: false, versions });
    if (expected !== undefined && !isSame(expected, found)) {
      throw storageErrors.digestMismatch(place.uriOf(key), expected.digest, found.digest);
    }
    return found;
  }

  async release(): Promise<void> {
    await this.options.folders.remove(this.options.key);
  }

  async discard(): Promise<void> {
    await this.options.removeRemote(this.options.key);
    await this.options.folders.remove(this.options.key);
  }

  private async protectAndDigest(path: string) {
    await assertNoLinkAbove(this.folder, path);
    const tree = await listArtifactFiles(path);
    if (tree === undefined) return undefined;
    await protectTree(tree, this.options.folders.temporaryFolder);
    return { tree, ...(await digestFiles(tree, {})) };
  }

  private keyBelow(relativePath: string): string {
    const key = `${this.options.key}/${relativePath}`;
    assertStoreKey(key);
    return key;
  }
}

function isSame(expected: StoredContent, found: StoredContent): boolean {
  return (
    expected.digest === found.digest &&
    expected.sizeBytes === found.sizeBytes &&
    expected.kind === found.kind
  );
}
