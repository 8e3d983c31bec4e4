import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { guarded } from '../local/guarded.js';
import type { OpenStoreOptions } from '../s3-options.js';
import { CopyCache } from './copy-cache.js';
import { ExternalObjects } from './external-objects.js';
import { bucketOptions, s3ClientConfig } from './s3-client.js';

/** What copies may take before idle ones are removed: a few data sets of a size that fits one machine. */
const CACHE_BYTES = 20e9;

/** Opens the reader of importers' data; contacts nobody. Buckets of other regions are found by S3's redirects. */
export async function openExternalObjects(options: OpenStoreOptions): Promise<ExternalObjects> {
  const { s3 = {} } = options;
  const client = new S3Client({ ...s3ClientConfig(s3), followRegionRedirects: true });
  const cacheFolder = await openCacheFolder(options.cacheFolder);
  return new ExternalObjects(client, bucketOptions(s3), openCopies(cacheFolder, options));
}

/** Makes the folder of copies and attempts. @returns its path with every link resolved */
export function openCacheFolder(folder: string): Promise<string> {
  return guarded('make', folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return realpath(folder);
  });
}

/** @param cacheFolder see openCacheFolder */
export function openCopies(cacheFolder: string, options: OpenStoreOptions): CopyCache {
  return new CopyCache({
    folder: join(cacheFolder, 'copies'),
    limitBytes: options.cacheBytes ?? CACHE_BYTES,
    now: options.now ?? Date.now,
  });
}
