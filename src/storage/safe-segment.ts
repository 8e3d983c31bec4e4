// Turns any name into one segment of a storage key.
//
// N1. Different names give different segments, also on file systems that ignore case:
//     a name that must change carries 64 bits of its hash, and a name that looks as if it did is changed too.
// N2. A segment made here never starts with `_` or `.`: those are Anneal's own.

import { createHash } from 'node:crypto';
import { MAX_SEGMENT_BYTES } from './store-key.js';

const PLAIN = /^[a-z0-9][a-z0-9._-]*$/;
const HASHED = /-[0-9a-f]{16}$/;
const HASH_LENGTH = 17;
// Names that Windows keeps for devices, with any extension.
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/**
 * Encodes a task's, artifact's, run's or pipeline's name as one safe segment.
 * Lower-case plain names stay as they are; others become `<what can be kept>-<16 hex digits>` (N1).
 */
export function safeSegment(name: string): string {
  if (isPlain(name)) return name;
  const kept = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, MAX_SEGMENT_BYTES - HASH_LENGTH);
  return `${kept === '' ? 'name' : kept}-${shortHash(name)}`;
}

function isPlain(name: string): boolean {
  return (
    PLAIN.test(name) &&
    name.length <= MAX_SEGMENT_BYTES &&
    !name.endsWith('.') &&
    !HASHED.test(name) &&
    !DEVICE.test(name)
  );
}

// UTF-16 keeps lone surrogates apart; as UTF-8 they would all become one replacement character.
function shortHash(name: string): string {
  return createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex').slice(0, 16);
}
