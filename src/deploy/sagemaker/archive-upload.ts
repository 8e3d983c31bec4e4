// Puts model.tar.gz into S3, once per model.
//
// A4. The key is the model's digest, and an object is only ever created: what is there stays, and is not packed again.

import { createReadStream } from 'node:fs';
import { HeadObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { deployErrors } from '../../errors/index.js';
import type { S3Options } from '../../storage/index.js';
import { encryptionParameters, s3ClientConfig } from '../../storage/s3/index.js';

/** What the deployer asks of storage: the archive's bytes in, their `s3://` address out. */
export type UploadModelArchive = (archive: {
  /** Makes the archive, and gives its path; called once, when its bytes are not there yet. */
  readonly pack: () => Promise<string>;
  readonly modelDigest: string;
  readonly signal: AbortSignal;
}) => Promise<string>;

export interface S3ArchiveOptions {
  readonly bucket: string;
  /** Key prefix without slashes at its ends; default `models`. */
  readonly prefix?: string;
  readonly clientConfig?: S3ClientConfig;
  /** The settings that the artifact store in S3 has too: region, endpoint, encryption. */
  readonly s3?: S3Options;
}

const DIGEST_METADATA = 'anneal-model-digest';

/** Makes the uploader into one bucket, with the AWS SDK loaded. */
export function openS3ArchiveUpload(options: S3ArchiveOptions): UploadModelArchive {
  const { s3 = {}, clientConfig } = options;
  const client = new S3Client({ ...s3ClientConfig(s3), ...clientConfig });
  const encryption = encryptionParameters(s3);
  return async ({ pack, modelDigest, signal }) => {
    const Key = [options.prefix ?? 'models', modelDigest.replace(':', '-'), 'model.tar.gz'].join(
      '/',
    );
    const place = { Bucket: options.bucket, Key };
    const isThere = async (): Promise<boolean> => hasDigest(client, place, modelDigest);
    if (!(await isThere())) {
      const archive = { pack, modelDigest, signal, encryption };
      await create(client, place, archive).catch(async (error: unknown) => {
        if (!isConflict(error) || !(await isThere())) throw error;
      });
    }
    return `s3://${options.bucket}/${Key}`;
  };
}

interface ObjectPlace {
  readonly Bucket: string;
  readonly Key: string;
}

async function create(
  client: S3Client,
  place: ObjectPlace,
  archive: Parameters<UploadModelArchive>[0] & {
    readonly encryption: ReturnType<typeof encryptionParameters>;
  },
): Promise<void> {
  const path = await archive.pack();
  const upload = new Upload({
    client,
    params: {
      ...place,
      ...archive.encryption,
      ChecksumAlgorithm: 'SHA256',
      Body: createReadStream(path),
      ContentType: 'application/gzip',
      IfNoneMatch: '*',
      Metadata: { [DIGEST_METADATA]: archive.modelDigest },
    },
  });
  const abort = (): void => void upload.abort();
  archive.signal.addEventListener('abort', abort, { once: true });
  try {
    archive.signal.throwIfAborted();
    await upload.done();
  } finally {
    archive.signal.removeEventListener('abort', abort);
  }
}

/** Whether the object is there; throws E_ARTIFACT when it is, of another model. */
async function hasDigest(
  client: S3Client,
  place: ObjectPlace,
  modelDigest: string,
): Promise<boolean> {
  const found = await client.send(new HeadObjectCommand(place)).catch((error: unknown) => {
    if (statusOf(error) === 404) return undefined;
    throw error;
  });
  if (found === undefined) return false;
  const digest = found.Metadata?.[DIGEST_METADATA];
  if (digest === modelDigest) return true;
  throw deployErrors.modelDamaged(`s3://${place.Bucket}/${place.Key} holds another model`, {
    found: digest,
    wanted: modelDigest,
  });
}

// 412: it exists; 409: another create of it is in progress.
function isConflict(error: unknown): boolean {
  return [409, 412].includes(statusOf(error) ?? 0);
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
