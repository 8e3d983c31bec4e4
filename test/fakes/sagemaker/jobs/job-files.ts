// What SageMaker moves between S3 and a job's machine, by the rules of its documentation.
//
// M1. S3Prefix brings every object whose key starts with the prefix; ManifestFile brings the objects it names, each at
//     its path below the manifest's prefix.
// M2. Links are not followed when outputs are uploaded.

import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

export interface S3Source {
  readonly S3DataType: 'S3Prefix' | 'ManifestFile';
  readonly S3Uri: string;
}

/** Brings a source to a folder (M1). @throws when an object that is named does not exist */
export async function download(s3: S3Client, source: S3Source, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bucket, key } = placeOf(source.S3Uri);
  if (source.S3DataType === 'S3Prefix') return downloadPrefix(s3, { bucket, key }, folder);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const [head, ...names] = JSON.parse(await Body!.transformToString()) as [
    { prefix: string },
    ...string[],
  ];
  const base = placeOf(head.prefix);
  for (const name of names) {
    await fetchObject(s3, base.bucket, base.key + name, path.join(folder, name));
  }
}

/** Sends a folder's files below an address (M2). */
export async function upload(s3: S3Client, folder: string, uri: string): Promise<void> {
  const { bucket, key } = placeOf(`${uri.replace(/\/+$/, '')}/`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key + path.relative(folder, file),
        Body: createReadStream(file),
      }),
    );
  }
}

async function downloadPrefix(
  s3: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  folder: string,
): Promise<void> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: key })) {
    for (const { Key = '' } of page.Contents ?? []) {
      const below = Key.slice(key.length).replace(/^\//, '') || path.basename(Key);
      await fetchObject(s3, bucket, Key, path.join(folder, below));
    }
  }
}

async function fetchObject(s3: S3Client, bucket: string, key: string, file: string): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  await mkdir(path.dirname(file), { recursive: true });
  await pipeline(Body as Readable, createWriteStream(file));
}

function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  return { bucket, key };
}
