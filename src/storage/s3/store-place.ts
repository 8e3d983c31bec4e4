import { configErrors } from '../../errors/index.js';
import { assertStoreKey, isStoreSegment, MAX_KEY_BYTES } from '../store-key.js';
import { MAX_S3_KEY_BYTES, parseS3Address } from './s3-address.js';

/** Where a store lies: a bucket and a prefix of its keys. */
export class StorePlace {
  private constructor(
    readonly bucket: string,
    /** Ends with a slash, or is empty. */
    readonly prefix: string,
  ) {}

  /** @throws E_CONFIG when the address is no bucket with a prefix of safe segments */
  static of(address: string): StorePlace {
    const { bucket, key } = parseS3Address(address.replace(/\/+$/, '')) ?? {};
    const isSafe = key === '' || key?.split('/').every(isStoreSegment) === true;
    const prefix = key === '' ? '' : `${key}/`;
    if (bucket !== undefined && isSafe && prefix.length + MAX_KEY_BYTES <= MAX_S3_KEY_BYTES) {
      return new StorePlace(bucket, prefix);
    }
    throw configErrors.settingInvalid(
      'ANNEAL_STORE',
      address,
      `s3://bucket/prefix, with letters, digits, ".", "_" and "-" between the slashes of a prefix of at most ${MAX_S3_KEY_BYTES - MAX_KEY_BYTES - 1} characters`,
    );
  }

  get uri(): string {
    return `s3://${this.bucket}/${this.prefix}`.replace(/\/$/, '');
  }

  /** Key within the bucket. @throws E_STORE_KEY */
  fullKey(key: string): string {
    assertStoreKey(key);
    return this.prefix + key;
  }

  /** Key prefix of a folder; `''` is the whole store. @throws E_STORE_KEY */
  folderPrefix(folder: string): string {
    return folder === '' ? this.prefix : `${this.fullKey(folder)}/`;
  }

  uriOf(key: string): string {
    return `s3://${this.bucket}/${this.fullKey(key)}`;
  }

  /** The store's key of an address; undefined when it is not of this store. */
  keyOf(uri: string): string | undefined {
    const start = `s3://${this.bucket}/${this.prefix}`;
    const key = uri.startsWith(start) ? uri.slice(start.length) : '';
    const isKey = key.length <= MAX_KEY_BYTES && key.split('/').every(isStoreSegment);
    return isKey ? key : undefined;
  }
}
