// Digests an artifact where it lies, by the same rule as src/storage/local/digest-content.ts.
//
// D1. A SHA-256 that the server keeps of an object is believed: it was checked when the object was written and
//     goes with its bytes. Of an object in parts the server keeps a SHA-256 of its parts; the whole's is then
//     believed from our own metadata, which names exactly those parts, so it cannot stand beside other bytes.
// D2. Everything else is read. What was read of a large object is remembered on this machine by its version.

import { createHash } from 'node:crypto';
import { sha256Of } from '../sha256.js';
import type { StoredContent } from '../artifact-store.js';
import { hexOfBase64, type Bucket, type ObjectDetails, type RemoteObject } from './bucket.js';
import { readRemote } from './read-remote.js';
import type { RemoteTree } from './remote-tree.js';
import { runLimited } from './run-limited.js';
import type { VersionBook } from './version-book.js';

export const WHOLE_METADATA = 'anneal-sha256';
export const PARTS_METADATA = 'anneal-sha256-parts';
const REQUESTS_AT_ONCE = 16;

export interface DigestRemoteOptions {
  /** Whether what our uploads wrote beside the bytes is believed (D1); false for what others wrote. */
  readonly trustMetadata: boolean;
  readonly versions: VersionBook;
}

/** Digests a file or folder of a bucket. @throws E_STORE; E_ARTIFACT when it changes meanwhile */
export async function digestRemote(
  bucket: Bucket,
  tree: RemoteTree,
  options: DigestRemoteOptions,
): Promise<StoredContent> {
  const hexes = await runLimited(tree.files, REQUESTS_AT_ONCE, async (file) => {
    const details = tree.details ?? (await bucket.head(file.key));
    return hexOf(bucket, details ?? file, options);
  });
  const sizeBytes = tree.files.reduce((total, file) => total + file.sizeBytes, 0);
  const listing = (): string =>
    tree.files.map(({ relativePath }, index) => `${hexes[index]!}  ${relativePath}\n`).join('');
  const digest = tree.kind === 'file' ? `sha256:${hexes[0]!}` : sha256Of(listing());
  return { digest, sizeBytes, kind: tree.kind };
}

/** SHA-256 of an object, hex (D1, D2). */
async function hexOf(
  bucket: Bucket,
  object: ObjectDetails | RemoteObject,
  { trustMetadata, versions }: DigestRemoteOptions,
): Promise<string> {
  const known = keptHex(object, trustMetadata) ?? (await versions.recall(bucket, object));
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  await readRemote(bucket, object, { onChunk: (chunk) => void hash.update(chunk) });
  const hex = hash.digest('hex');
  await versions.remember(bucket, object, hex);
  return hex;
}

/** What the server or our metadata say of an object; undefined when neither does. */
export function keptHex(
  object: ObjectDetails | RemoteObject,
  trustMetadata: boolean,
): string | undefined {
  if (!('metadata' in object) || object.checksum === undefined) return undefined;
  if (!object.isOfParts) return hexOfBase64(object.checksum);
  const { [WHOLE_METADATA]: whole, [PARTS_METADATA]: parts } = object.metadata;
  return trustMetadata && parts === object.checksum ? whole : undefined;
}
