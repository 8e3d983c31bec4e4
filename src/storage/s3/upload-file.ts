// Writes files of this machine as objects.
//
// U1. The server checks the bytes it gets against the digest made before: a file that changes meanwhile, or
//     bytes hurt on the way, are refused and never stored.
// U2. Memory is bounded: a small file is held whole, a large one goes up in parts, a few at a time.
// U3. An upload in parts is invisible until its last request; that its answer was lost is seen by what is there.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Upload } from '@aws-sdk/lib-storage';
import { storageErrors } from '../../errors/index.js';
import { guarded } from '../local/guarded.js';
import { sha256Of } from '../sha256.js';
import type { Bucket, RemoteObject } from './bucket.js';
import { PARTS_METADATA, WHOLE_METADATA } from './digest-remote.js';
import { explained } from './explain-s3-failure.js';
import { removeKeys } from './list-bucket.js';

/** Up to this size a file is one request; parts are as large. S3 takes 5 MiB to 5 GiB. */
export const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 4;
/** S3's limit. */
const MAX_PARTS = 10_000;

export interface FileUpload {
  readonly path: string;
  readonly key: string;
  readonly sizeBytes: number;
  /** SHA-256 of the file. */
  readonly hex: string;
}

/** Uploads a file (U1 to U3). @throws E_STORE; E_ARTIFACT when the file changes meanwhile */
export async function uploadFile(bucket: Bucket, file: FileUpload): Promise<RemoteObject> {
  const etag =
    file.sizeBytes <= PART_BYTES
      ? await uploadWhole(bucket, file)
      : await uploadParts(bucket, file);
  return { key: file.key, sizeBytes: file.sizeBytes, etag, modifiedAtMs: Date.now() };
}

async function uploadWhole(bucket: Bucket, { path, key, hex }: FileUpload): Promise<string> {
  const bytes = await guarded('read', path, () => readFile(path));
  if (sha256Of(bytes) !== `sha256:${hex}`) throw storageErrors.artifactChanging(path);
  return bucket.put(key, bytes);
}

async function uploadParts(bucket: Bucket, file: FileUpload): Promise<string> {
  const { path, key, hex, sizeBytes } = file;
  const partSize = Math.max(PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS));
  const { whole, parts } = await guarded('read', path, () => digestParts(path, partSize));
  if (whole !== hex) throw storageErrors.artifactChanging(path);
  const upload = new Upload({
    client: bucket.client,
    partSize,
    queueSize: PARTS_AT_ONCE,
    params: {
      ...bucket.at(key),
      ...bucket.options.encryption,
      Body: createReadStream(path, { highWaterMark: 1024 * 1024 }),
      ChecksumAlgorithm: 'SHA256',
      Metadata: { [WHOLE_METADATA]: hex, [PARTS_METADATA]: parts },
    },
  });
  const done = await upload.done().catch(async (error: unknown) => {
    const earlier = await applied(bucket, file, parts, error); // U3
    return earlier ?? explained('write', bucket.uriOf(key), () => Promise.reject(error as Error));
  });
  const stored = done.ChecksumSHA256?.replace(/-\d+$/, '');
  if (stored !== undefined && stored !== parts) {
    await removeKeys(bucket, [key]);
    throw storageErrors.artifactChanging(path);
  }
  return done.ETag ?? '';
}

async function applied(
  bucket: Bucket,
  { key, sizeBytes }: FileUpload,
  parts: string,
  error: unknown,
): Promise<{ ETag: string; ChecksumSHA256?: string } | undefined> {
  if ((error as Error).name !== 'NoSuchUpload') return undefined;
  const found = await bucket.head(key);
  const isOurs = found?.metadata[PARTS_METADATA] === parts && found.sizeBytes === sizeBytes;
  return isOurs ? { ETag: found.etag, ChecksumSHA256: found.checksum } : undefined;
}

/** SHA-256 of a file in hex, and S3's checksum of its parts in base64: the hash of their hashes. */
async function digestParts(
  path: string,
  partSize: number,
): Promise<{ readonly whole: string; readonly parts: string }> {
  const whole = createHash('sha256');
  const hashes: Buffer[] = [];
  let part = createHash('sha256');
  let room = partSize;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    let rest = chunk as Buffer;
    whole.update(rest);
    while (rest.length > 0) {
      if (room === 0) {
        hashes.push(part.digest());
        part = createHash('sha256');
        room = partSize;
      }
      const taken = rest.subarray(0, room);
      part.update(taken);
      room -= taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  hashes.push(part.digest());
  const joined = createHash('sha256').update(Buffer.concat(hashes)).digest('base64');
  return { whole: whole.digest('hex'), parts: joined };
}
