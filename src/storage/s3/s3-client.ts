import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Options } from '../s3-options.js';
import type { BucketOptions, EncryptionParameters } from './bucket.js';

/** See S3Options.patienceMs. */
const PATIENCE_MS = 30_000;
// A host that does not answer is given up soon; a slow upload of one part may take minutes.
const CONNECT_MS = 5_000;
const REQUEST_MS = 300_000;
const MAX_ATTEMPTS = 5;
/** See S3Options.pageSize. */
const PAGE_SIZE = 1000;
/** AWS's default; other servers mostly ignore the region. */
const REGION_OF_ENDPOINTS = 'us-east-1';

/**
 * The AWS SDK's settings for a server. Failed requests are tried again by the SDK, with jittered backoff.
 * Checksums are ours alone: every object is written with its SHA-256, and read bytes are compared with it.
 */
export function s3ClientConfig(options: S3Options): S3ClientConfig {
  const { endpoint, pathStyle, maxAttempts, patienceMs = PATIENCE_MS } = options;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(regionOf(options) === undefined ? {} : { region: regionOf(options) }),
    forcePathStyle: pathStyle ?? endpoint !== undefined,
    maxAttempts: maxAttempts ?? MAX_ATTEMPTS,
    retryMode: 'standard',
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: patienceMs,
      requestTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
    },
  };
}

function regionOf({ region, endpoint }: S3Options): string | undefined {
  return region ?? (endpoint === undefined ? undefined : REGION_OF_ENDPOINTS);
}

/** Makes a client; credentials come from the SDK's chain at the first request. */
export function createS3Client(options: S3Options): S3Client {
  return new S3Client(s3ClientConfig(options));
}

/** Parameters of every write: how the server is to encrypt. */
export function encryptionParameters({ encryption, kmsKeyId }: S3Options): EncryptionParameters {
  if (encryption === undefined) return {};
  return {
    ServerSideEncryption: encryption,
    ...(kmsKeyId === undefined ? {} : { SSEKMSKeyId: kmsKeyId }),
  };
}

/** What a Bucket takes of the settings. */
export function bucketOptions(options: S3Options): BucketOptions {
  const { patienceMs = PATIENCE_MS, pageSize = PAGE_SIZE } = options;
  return { patienceMs, pageSize, encryption: encryptionParameters(options) };
}
