// Remembers digests of large objects that had to be read, by version: reading them again tells nothing new.
//
// V1. An entry holds for one ETag, size and time of writing. It only saves time: a missing or damaged one
//     means that the object is read.

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guarded } from '../local/guarded.js';
import type { Bucket, RemoteObject } from './bucket.js';

/** Smaller objects are read each time, as the local store reads files up to this size. */
const REMEMBERED_BYTES = 64 * 1024 * 1024;

export class VersionBook {
  constructor(private readonly folder: string) {}

  async remember(bucket: Bucket, object: RemoteObject, hex: string): Promise<void> {
    if (object.sizeBytes <= REMEMBERED_BYTES) return;
    const path = this.pathOf(bucket, object);
    await guarded('write', path, async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomUUID()}`;
      await writeFile(temporary, hex, { mode: 0o600 });
      await rename(temporary, path);
    });
  }

  async recall(bucket: Bucket, object: RemoteObject): Promise<string | undefined> {
    if (object.sizeBytes <= REMEMBERED_BYTES) return undefined;
    const hex = await readFile(this.pathOf(bucket, object), 'utf8').catch(() => '');
    return /^[0-9a-f]{64}$/.test(hex) ? hex : undefined;
  }

  private pathOf(bucket: Bucket, { key, etag, sizeBytes, modifiedAtMs }: RemoteObject): string {
    const version = JSON.stringify([bucket.name, key, etag, sizeBytes, modifiedAtMs]);
    return join(this.folder, createHash('sha256').update(version).digest('hex').slice(0, 32));
  }
}
