import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  openStore,
  type ArtifactStore,
  type OpenStoreOptions,
} from '../../../src/storage/index.js';
import { clientFor, makeBucket, optionsFor } from './s3-server.js';

/** A store in a bucket of its own, and what a test needs to look and reach behind it. */
export interface TemporaryS3Store {
  readonly store: ArtifactStore;
  readonly bucket: string;
  /** Key prefix of the store within the bucket. */
  readonly prefix: string;
  readonly cacheFolder: string;
  readonly client: S3Client;
  /** Opens the same store once more: another worker, on another machine where it has another cache folder. */
  reopen(options?: Partial<OpenStoreOptions>): Promise<ArtifactStore>;
  close(): Promise<void>;
}

/** Opens a new store; the test's own client talks to the server at `url` directly. */
export async function temporaryS3Store(
  url: string,
  options: Partial<OpenStoreOptions> = {},
): Promise<TemporaryS3Store> {
  const folder = await mkdtemp(join(tmpdir(), 'anneal s3 é-'));
  const bucket = await makeBucket(url);
  const cacheFolder = join(folder, 'cache');
  const reopen = (more: Partial<OpenStoreOptions> = {}): Promise<ArtifactStore> =>
    openStore(`s3://${bucket}/projects/one`, {
      cacheFolder,
      s3: optionsFor(url),
      ...options,
      ...more,
    });
  const client = clientFor(url);
  return {
    store: await reopen(),
    bucket,
    prefix: 'projects/one/',
    cacheFolder,
    client,
    reopen,
    close: async () => {
      client.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
