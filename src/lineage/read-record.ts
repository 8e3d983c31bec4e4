import { storageErrors } from '../errors/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { DecodeError, type Decode } from './decode.js';
import { decodeRecord } from './record.js';

/**
 * Reads a record as a typed value.
 *
 * @returns undefined when there is no such record
 * @throws E_RECORD when it is damaged or has another form; E_STORE
 */
export async function readRecord<T>(
  store: ArtifactStore,
  key: string,
  decode: Decode<T>,
): Promise<T | undefined> {
  const bytes = await store.get(key);
  return bytes === undefined ? undefined : parseRecord(key, bytes, decode);
}

/** Parses the bytes of a record. @throws E_RECORD */
export function parseRecord<T>(key: string, bytes: Uint8Array, decode: Decode<T>): T {
  const body = decodeRecord(key, bytes);
  try {
    return decode(body, '$');
  } catch (error) {
    if (error instanceof DecodeError) {
      throw storageErrors.recordDamaged(key, error.path, error.reason);
    }
    throw error;
  }
}
