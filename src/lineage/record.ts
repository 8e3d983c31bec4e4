// The form of every stored record: JSON that carries its own digest.
//
// R1. A record is read back exactly as written, or not at all: a flipped bit, a torn end or an edit by hand is E_RECORD.

import { storageErrors } from '../errors/index.js';
import { sha256Of } from '../storage/index.js';
import { canonicalJson, type JsonObject } from '../util/index.js';

const DIGEST_FIELD = 'recordDigest';

/** Writes a record as indented JSON with its digest; undefined fields are left out. */
export function encodeRecord(body: object): string {
  const plain = JSON.parse(JSON.stringify(body)) as JsonObject;
  const digest = sha256Of(canonicalJson(plain));
  return `${JSON.stringify({ ...plain, [DIGEST_FIELD]: digest }, null, 2)}\n`;
}

/**
 * Reads a record and checks its digest (R1).
 * @throws E_RECORD naming the key
 */
export function decodeRecord(key: string, bytes: Uint8Array): JsonObject {
  const { [DIGEST_FIELD]: digest, ...body } = parseObject(key, bytes);
  if (digest !== sha256Of(canonicalJson(body))) {
    throw storageErrors.recordDamaged(key, '$', 'does not match its own digest');
  }
  return body;
}

function parseObject(key: string, bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw storageErrors.recordDamaged(key, '$', 'is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw storageErrors.recordDamaged(key, '$', 'is not an object');
  }
  return value as JsonObject;
}
