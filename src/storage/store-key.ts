// Which keys a store accepts.
//
// K1. A valid key means the same object on every store: no server or file system normalises it.
// K2. A valid key cannot leave the store: it has no `..`, no absolute part, no encoded part.

import { storageErrors } from '../errors/index.js';

/** Longest segment, in bytes: file systems stop at 255, and temporary names need room. */
export const MAX_SEGMENT_BYTES = 200;
/** Longest key, in bytes: S3 stops at 1,024, with the store's own prefix counted. */
export const MAX_KEY_BYTES = 900;

// A leading dot is the store's own (temporary files), so `.` and `..` cannot occur either.
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * Checks that a key is safe segments joined by single slashes (K1, K2).
 * Segments that start with `_` are Anneal's own: safeSegment never makes one from a user's name.
 *
 * @throws E_STORE_KEY naming the rule that was broken
 */
export function assertStoreKey(key: string): void {
  if (key.length > MAX_KEY_BYTES)
    throw storageErrors.unsafeStoreKey(key, `is longer than ${MAX_KEY_BYTES} bytes`);
  for (const segment of key.split('/')) {
    if (!isStoreSegment(segment)) throw storageErrors.unsafeStoreKey(key, brokenRule(segment));
  }
}

/** Tells whether a name may stand between two slashes of a key. */
export function isStoreSegment(segment: string): boolean {
  return SEGMENT.test(segment) && segment.length <= MAX_SEGMENT_BYTES;
}

function brokenRule(segment: string): string {
  if (segment === '') return 'has an empty segment';
  if (segment.startsWith('.')) return 'has a segment that starts with a dot';
  if (!SEGMENT.test(segment))
    return 'may hold only A-Z, a-z, 0-9, ".", "_" and "-" between slashes';
  return `has a segment longer than ${MAX_SEGMENT_BYTES} bytes`;
}
