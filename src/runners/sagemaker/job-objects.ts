import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { S3Options } from '../../storage/index.js';
import { s3ClientConfig } from '../../storage/s3/index.js';

export interface JobObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** Names of objects in S3, whatever they are: the files of a folder artifact need not be safe store keys. */
export interface JobObjects {
  /** Every object whose key starts with a prefix, in the order of their keys. */
  below(bucket: string, prefix: string): Promise<readonly JobObject[]>;
}

/** Lists with the AWS SDK, which tries failed requests again by itself. */
export function openJobObjects(options: S3Options): JobObjects {
  const client = new S3Client(s3ClientConfig(options));
  return {
    below: async (Bucket, Prefix) => {
      const found: JobObject[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }),
        );
        for (const { Key = '', Size = 0 } of page.Contents ?? []) {
          found.push({ key: Key, sizeBytes: Size });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
  };
}
