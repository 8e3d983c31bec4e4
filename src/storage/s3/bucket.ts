// The requests that Anneal makes of one bucket; each is explained when it fails.
//
// B1. A create that says "it exists" after our own lost reply is our success: the object carries the mark of
//     this very call (see create).

import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { sha256Of } from '../sha256.js';
import { explained, statusOf } from './explain-s3-failure.js';
import { atFairRate } from './fair-rate.js';

/** One object as a listing or a HEAD shows it. */
export interface RemoteObject {
  /** Full key within the bucket. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
}

/** What only a HEAD tells. */
export interface ObjectDetails extends RemoteObject {
  readonly versionId?: string;
  /** SHA-256 that the server keeps, base64, without the number of parts. */
  readonly checksum?: string;
  /** The checksum is that of the parts' checksums: the object was uploaded in parts. */
  readonly isOfParts: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

const MARK = 'anneal-create';
// Another create of the same key is under way; S3 documents 409 as "retry".
const CONFLICT_ATTEMPTS = 20;
const CONFLICT_WAIT_MS = 100;
const READ_ATTEMPTS = 4;

/** Parameters of every write: how the server is to encrypt. */
export interface EncryptionParameters {
  readonly ServerSideEncryption?: 'AES256' | 'aws:kms';
  readonly SSEKMSKeyId?: string;
}

export interface BucketOptions {
  /** See S3Options. */
  readonly patienceMs: number;
  readonly pageSize: number;
  readonly encryption: EncryptionParameters;
}

export class Bucket {
  /** Until the answer begins: most requests carry little. Uploads of parts have the client's own, longer limit. */
  private readonly small: { readonly requestTimeout: number };

  constructor(
    readonly client: S3Client,
    readonly name: string,
    readonly options: BucketOptions,
  ) {
    this.small = { requestTimeout: options.patienceMs };
  }

  uriOf(key: string): string {
    return `s3://${this.name}/${key}`;
  }

  /** @returns undefined when there is no such object */
  head(key: string): Promise<ObjectDetails | undefined> {
    return this.unlessMissing('read', key, async () => {
      const command = new HeadObjectCommand({ ...this.at(key), ChecksumMode: 'ENABLED' });
      const found = await this.client.send(command, this.small);
      return {
        key,
        sizeBytes: found.ContentLength ?? 0,
        etag: found.ETag ?? '',
        modifiedAtMs: found.LastModified?.getTime() ?? 0,
        metadata: found.Metadata ?? {},
        ...(found.VersionId === undefined ? {} : { versionId: found.VersionId }),
        checksum: found.ChecksumSHA256?.replace(/-\d+$/, ''),
        isOfParts: isOfParts(found),
      };
    });
  }

  /** Reads a small object whole. @returns undefined when there is none */
  get(key: string): Promise<Uint8Array | undefined> {
    return this.unlessMissing('read', key, () => this.readWhole(key));
  }

  /** Opens one version of an object for reading from a byte on; its errors are the SDK's. */
  async open(
    { key, etag }: Pick<RemoteObject, 'key' | 'etag'>,
    from: number,
    signal?: AbortSignal,
  ): Promise<Readable> {
    const range = from === 0 ? {} : { Range: `bytes=${from}-` };
    const command = new GetObjectCommand({ ...this.at(key), ...range, IfMatch: etag });
    const { Body } = await this.client.send(command, { ...this.small, abortSignal: signal });
    return Body as Readable;
  }

  /** Writes a small object whole, or replaces it. @returns its ETag */
  put(
    key: string,
    bytes: Uint8Array | string,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    return explained('write', this.uriOf(key), async () => {
      const { ETag } = await this.client.send(this.putCommand(key, bytes, metadata), this.small);
      return ETag ?? '';
    });
  }

  /**
   * Writes a small object that must not exist yet.
   * @returns false when it exists and this call did not make it (B1)
   */
  async create(key: string, bytes: Uint8Array | string): Promise<boolean> {
    const mark = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.client.send(this.putCommand(key, bytes, { [MARK]: mark }, '*'), this.small);
        return true;
      } catch (error) {
        if (statusOf(error) === 412) return (await this.head(key))?.metadata[MARK] === mark;
        if (statusOf(error) !== 409 || attempt === CONFLICT_ATTEMPTS) {
          return explained('write', this.uriOf(key), () => Promise.reject(error as Error));
        }
        await sleep(CONFLICT_WAIT_MS * (0.5 + Math.random()));
      }
    }
  }

  /** Bucket and key as every command takes them. */
  at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.name, Key: key };
  }

  /** The SDK tries a request again, not the reading of its answer. */
  private async readWhole(key: string): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt += 1) {
      const { Body } = await this.client.send(new GetObjectCommand(this.at(key)), this.small);
      try {
        const chunks: Uint8Array[] = [];
        for await (const chunk of atFairRate(Body as Readable, this.options.patienceMs))
          chunks.push(chunk);
        return Buffer.concat(chunks);
      } catch (error) {
        if (attempt === READ_ATTEMPTS) throw error;
      }
    }
  }

  private putCommand(
    key: string,
    bytes: Uint8Array | string,
    metadata: Readonly<Record<string, string>>,
    ifNoneMatch?: '*',
  ): PutObjectCommand {
    const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    return new PutObjectCommand({
      ...this.at(key),
      ...this.options.encryption,
      Body: body,
      ContentLength: body.byteLength,
      ChecksumAlgorithm: 'SHA256',
      ChecksumSHA256: base64OfHex(sha256Of(body).slice('sha256:'.length)),
      Metadata: metadata,
      ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
    });
  }

  private unlessMissing<T>(
    action: string,
    key: string,
    call: () => Promise<T>,
  ): Promise<T | undefined> {
    return explained(action, this.uriOf(key), async () => {
      try {
        return await call();
      } catch (error) {
        const { name } = error as Error;
        if (statusOf(error) === 404 && name !== 'NoSuchBucket') return undefined;
        throw error;
      }
    });
  }
}

/** Not every server says the type, or adds the number of parts to the checksum; all add it to the ETag. */
function isOfParts({ ChecksumType, ChecksumSHA256, ETag }: HeadObjectCommandOutput): boolean {
  if (ChecksumType !== undefined) return ChecksumType === 'COMPOSITE';
  return [ChecksumSHA256, ETag?.replaceAll('"', '')].some((text) => /-\d+$/.test(text ?? ''));
}

/** S3 writes checksums in base64, records in hex. */
export function base64OfHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

export function hexOfBase64(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
