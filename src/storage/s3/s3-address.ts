/** A place in S3. */
export interface S3Address {
  readonly bucket: string;
  /** Without a leading slash; may be empty. */
  readonly key: string;
}

// Bucket naming rules of the S3 User Guide: they also keep a name from becoming another host or a path.
const BUCKET = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** S3's own limit, in bytes. */
export const MAX_S3_KEY_BYTES = 1024;

/** Reads `s3://bucket/key`; nothing in it is percent-decoded. @returns undefined for anything else */
export function parseS3Address(uri: string): S3Address | undefined {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (!BUCKET.test(bucket) || Buffer.byteLength(key) > MAX_S3_KEY_BYTES) return undefined;
  return /[\u0000-\u001f\u007f\uFFFD]/.test(key) ? undefined : { bucket, key };
}
