import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Buckets } from '../../../src/devserver/fake-sagemaker/index.js';
import { clientFor } from '../../support/s3/s3-server.js';

/** The buckets of the fake's account on an S3 server: there the deployer puts archives, and the fake its captures. */
export function s3Buckets(url: string): Buckets & { close(): void } {
  const client = clientFor(url);
  return {
    read: async (uri) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(placeOf(uri)));
        return Buffer.from(await Body!.transformToByteArray());
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    write: async (uri, content, kmsKeyId) => {
      const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId } as const;
      await client.send(
        new PutObjectCommand({
          ...placeOf(uri),
          Body: content,
          ...(kmsKeyId === undefined ? {} : encryption),
        }),
      );
    },
    close: () => client.destroy(),
  };
}

function placeOf(uri: string): { readonly Bucket: string; readonly Key: string } {
  const { hostname, pathname } = new URL(uri);
  return { Bucket: hostname, Key: decodeURIComponent(pathname.slice(1)) };
}
