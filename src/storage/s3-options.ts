/** How an S3 server is reached and what it does with objects; credentials come from the AWS SDK's own chain. */
export interface S3Options {
  /** `https://host:port` of another server than AWS. */
  readonly endpoint?: string;
  /** Default: the AWS SDK's own configuration; `us-east-1` with an endpoint. */
  readonly region?: string;
  /** The bucket in the path instead of the host's name; default true with an endpoint. */
  readonly pathStyle?: boolean;
  /** Server-side encryption of what is written; default: as the bucket says. */
  readonly encryption?: 'AES256' | 'aws:kms';
  /** Key for `aws:kms`; default: the account's own. */
  readonly kmsKeyId?: string;
  /** Tries of one request, the first included; default 5. */
  readonly maxAttempts?: number;
  /** How long a connection may be silent, or crawl, before it is cut; milliseconds, default 30,000. */
  readonly patienceMs?: number;
  /** Objects that one request lists or removes; default 1,000, which is the most that S3 takes. */
  readonly pageSize?: number;
}

export interface OpenStoreOptions {
  /** Folder of this machine for copies of distant data and for the work of tasks: the home's `cache`. */
  readonly cacheFolder: string;
  /** What copies that nobody uses may take; default 20 GB. */
  readonly cacheBytes?: number;
  readonly s3?: S3Options;
  /** Milliseconds since the epoch; default the system's clock. */
  readonly now?: () => number;
}
