// Data outside the store, named at s3://bucket/key: copied to this machine, digested where a task will read it.

import type { S3Client } from '@aws-sdk/client-s3';
import { isAnnealError, storageErrors, taskErrors } from '../../errors/index.js';
import type { ExternalContent, ExternalFolder } from '../artifact-store.js';
import { digestContent } from '../local/digest-content.js';
import { Bucket, type BucketOptions } from './bucket.js';
import type { CopyCache } from './copy-cache.js';
import { BucketFolder } from './bucket-folder.js';
import { copyOf } from './copy-of.js';
import { downloadTree } from './download-tree.js';
import { readRemoteTree, type RemoteTree } from './remote-tree.js';
import { parseS3Address } from './s3-address.js';

export class ExternalObjects {
  constructor(
    private readonly client: S3Client,
    private readonly options: BucketOptions,
    private readonly copies: CopyCache,
  ) {}

  /**
   * Copies an object, or what lies below a prefix, and digests the copy. A version that is here already is not
   * downloaded again.
   *
   * @throws E_INPUT_NOT_FOUND when it is missing or may not be read; E_ARTIFACT; E_STORE when another try may help
   */
  async fetch(uri: string, inUse?: AbortSignal): Promise<ExternalContent> {
    const { bucket, key } = this.placeOf(uri);
    const tree = await this.find(uri, bucket, key);
    const make = (path: string): Promise<void> => downloadTree(bucket, tree, path, inUse);
    const path = await this.copies.copy({ ...copyOf(bucket, key, tree, make), inUse });
    const digested = await digestContent(path);
    if (digested === undefined) throw storageErrors.artifactMissing(uri);
    const { details } = tree;
    const version = details && { etag: details.etag, versionId: details.versionId };
    return { ...digested.content, localPath: path, version };
  }

  /** A place that others write files to; contacts nobody. @throws E_INPUT_NOT_FOUND when it is no address of S3 */
  folder(uri: string): ExternalFolder {
    const { bucket, key } = this.placeOf(uri);
    return new BucketFolder(bucket, key, this.copies);
  }

  private placeOf(uri: string): { readonly bucket: Bucket; readonly key: string } {
    const address = parseS3Address(uri);
    if (address === undefined) throw notFound(uri, 'it is no address of S3 (s3://bucket/key)');
    const bucket = new Bucket(this.client, address.bucket, this.options);
    return { bucket, key: address.key };
  }

  private async find(uri: string, bucket: Bucket, key: string): Promise<RemoteTree> {
    try {
      const tree = await readRemoteTree(bucket, key);
      if (tree === undefined) throw notFound(uri, 'there is no such object or folder');
      return tree;
    } catch (error) {
      if (!isAnnealError(error) || error.code !== 'E_STORE' || error.retryable) throw error;
      const { reason } = error.details;
      throw taskErrors.objectNotFound(uri, String(reason), error.hint ?? '', error);
    }
  }
}

function notFound(uri: string, reason: string): Error {
  const hint = 'Check bucket and key; a folder is named by its prefix: s3://bucket/folder/';
  return taskErrors.objectNotFound(uri, reason, hint);
}
