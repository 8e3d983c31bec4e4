// S3 servers for tests: a bucket of its own for each test, and whatever the test wants to do behind Anneal's back.

import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Options } from '../../../src/storage/index.js';

/** What every server here accepts; the AWS SDK reads them from the environment. */
export const TEST_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'anneal-test',
  AWS_SECRET_ACCESS_KEY: 'anneal-test-secret',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

/** A running server. */
export interface S3Server {
  readonly url: string;
  /** Where it keeps its buckets; absent when it keeps them in memory. */
  readonly folder?: string;
  close(): void;
}

/** Settings of a store on a server. */
export function optionsFor(url: string): S3Options {
  return { endpoint: url, region: 'us-east-1' };
}

/** A client of the test's own. */
export function clientFor(url: string): S3Client {
  return new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: TEST_CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  });
}

/** Makes an empty bucket. @returns its name */
export async function makeBucket(url: string): Promise<string> {
  const Bucket = `anneal-${randomUUID()}`;
  const client = clientFor(url);
  await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
  return Bucket;
}
