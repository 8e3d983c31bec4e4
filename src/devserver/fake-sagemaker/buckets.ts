/** Where the buckets of the fake's account are: its own memory, or a server that speaks S3. */
export interface Buckets {
  /** The bytes at an `s3://` address; undefined when there are none. */
  read(uri: string): Promise<Buffer | undefined>;
  /** Writes an object as a service of AWS does into a bucket of its customer. */
  write(uri: string, content: Buffer, kmsKeyId?: string): Promise<void>;
}
