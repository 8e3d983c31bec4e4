import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ArtifactStore } from '../artifact-store.js';
import type { OpenStoreOptions } from '../s3-options.js';
import { Bucket } from './bucket.js';
import { explained } from './explain-s3-failure.js';
import { openCacheFolder, openCopies, openExternalObjects } from './open-external-objects.js';
import { bucketOptions, createS3Client } from './s3-client.js';
import type { S3Parts } from './s3-parts.js';
import { S3Store } from './s3-store.js';
import { StagingFolders } from './staging-folders.js';
import { StorePlace } from './store-place.js';
import { VersionBook } from './version-book.js';

/** Until a store that does not answer is given up: a command should say so in seconds. */
const OPEN_MS = 15_000;

/**
 * Opens a store in a bucket, which must exist, and asks the server once: what is wrong with address, credentials
 * or rights is said now, and not in the middle of a run.
 *
 * @param address `s3://bucket/prefix`
 * @throws E_CONFIG for a wrong address; E_STORE with the remedy when it cannot be reached or read
 */
export async function openS3Store(
  address: string,
  options: OpenStoreOptions,
): Promise<ArtifactStore> {
  const { s3 = {}, now = Date.now } = options;
  const place = StorePlace.of(address);
  const bucket = new Bucket(createS3Client(s3), place.bucket, bucketOptions(s3));
  await probe(bucket, place);
  const cacheFolder = await openCacheFolder(options.cacheFolder);
  const name = createHash('sha256')
    .update(JSON.stringify([s3.endpoint ?? '', place.uri]))
    .digest('hex')
    .slice(0, 16);
  const parts: S3Parts = {
    place,
    bucket,
    copies: openCopies(cacheFolder, options),
    versions: new VersionBook(join(cacheFolder, 'versions')),
    folders: new StagingFolders(join(cacheFolder, 'staging', name), now),
  };
  await parts.folders.sweep();
  return new S3Store(parts, await openExternalObjects(options));
}

async function probe(bucket: Bucket, place: StorePlace): Promise<void> {
  const command = new ListObjectsV2Command({
    Bucket: place.bucket,
    Prefix: place.prefix,
    MaxKeys: 1,
  });
  await explained('open', place.uri, () =>
    bucket.client.send(command, { abortSignal: AbortSignal.timeout(OPEN_MS) }),
  );
}
