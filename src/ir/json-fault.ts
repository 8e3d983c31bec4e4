import type { JsonValue } from '../util/index.js';

// 64: as deep as a pipeline file may nest; far below where JSON.stringify runs out of stack.
const MAX_DEPTH = 64;

/**
 * Finds what keeps a value from travelling as JSON unchanged: numbers that are not finite, NUL
 * characters (no operating system passes them in an argument), and nesting beyond 64 levels.
 *
 * @returns the end of a sentence about the value; undefined when there is nothing
 */
export function jsonFault(value: JsonValue, depth = 0): string | undefined {
  if (depth > MAX_DEPTH) return `nests deeper than ${MAX_DEPTH} levels`;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'is not finite';
  if (typeof value === 'string') return value.includes('\0') ? 'holds a NUL character' : undefined;
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value !== 'object') return 'is no JSON value';
  for (const [key, item] of Object.entries<JsonValue>(value)) {
    const fault = key.includes('\0') ? 'holds a NUL character' : jsonFault(item, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Bytes of a value as JSON in UTF-8, without Node's Buffer. */
export function jsonSizeBytes(value: JsonValue): number {
  const text = JSON.stringify(value);
  let sizeBytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate is half of a character of four bytes; JSON.stringify escapes lone ones.
    sizeBytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return sizeBytes;
}
