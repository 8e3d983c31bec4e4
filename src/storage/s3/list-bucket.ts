import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { storageErrors } from '../../errors/index.js';
import type { Bucket, RemoteObject } from './bucket.js';
import { explained } from './explain-s3-failure.js';

/**
 * Every object whose key starts with a prefix, in the byte order of keys; a page (S3Options.pageSize) a request.
 *
 * @param after  a key: only later ones are listed
 */
export async function* listBucket(
  bucket: Bucket,
  prefix: string,
  after?: string,
): AsyncGenerator<RemoteObject> {
  for await (const { Contents = [] } of pages(bucket, prefix, { after })) {
    for (const { Key, Size, ETag, LastModified } of Contents) {
      yield {
        key: decodeKey(Key ?? ''),
        sizeBytes: Size ?? 0,
        etag: ETag ?? '',
        modifiedAtMs: LastModified?.getTime() ?? 0,
      };
    }
  }
}

/** Names of what would be folders directly below a prefix that ends with a slash. */
export async function listFolderNames(bucket: Bucket, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { CommonPrefixes = [] } of pages(bucket, prefix, { delimiter: '/' })) {
    for (const { Prefix } of CommonPrefixes) {
      names.push(decodeKey(Prefix ?? '').slice(prefix.length, -1));
    }
  }
  return names;
}

/** Removes objects by batches; those that are gone already are no error. */
export async function removeKeys(
  bucket: Bucket,
  keys: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  let batch: string[] = [];
  for await (const key of keys) {
    batch.push(key);
    if (batch.length === bucket.options.pageSize) {
      await removeBatch(bucket, batch);
      batch = [];
    }
  }
  if (batch.length > 0) await removeBatch(bucket, batch);
}

async function* pages(
  bucket: Bucket,
  prefix: string,
  { delimiter, after }: { readonly delimiter?: '/'; readonly after?: string } = {},
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket.name,
      Prefix: prefix,
      MaxKeys: bucket.options.pageSize,
      EncodingType: 'url', // keys may hold what XML cannot
      ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
      ...(after === undefined ? {} : { StartAfter: after }),
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const page = await explained('list', bucket.uriOf(prefix), () => bucket.client.send(command));
    yield page;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

async function removeBatch(bucket: Bucket, keys: readonly string[]): Promise<void> {
  const [first = ''] = keys;
  const command = new DeleteObjectsCommand({
    Bucket: bucket.name,
    Delete: { Quiet: true, Objects: keys.map((Key) => ({ Key })) },
  });
  const { Errors = [] } = await explained('remove', bucket.uriOf(first), () =>
    bucket.client.send(command),
  );
  const failed = Errors.find(({ Code }) => Code !== 'NoSuchKey');
  if (failed === undefined) return;
  throw storageErrors.storeFailed({
    action: 'remove',
    path: bucket.uriOf(failed.Key ?? first),
    reason: failed.Message ?? failed.Code ?? 'the server refused',
    hint: 'Check the rights (s3:DeleteObject) and any object lock on the bucket.',
    retryable: failed.Code !== 'AccessDenied',
  });
}

// With EncodingType=url a space is "+".
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
