// JSON to CEL values and back, as KFP's backend sees them.
//
// C1. Every number is a CEL double: parameters are google.protobuf.Value there, and parseJson gives
//     float64 (backend/src/v2/expression/expression.go). KFP's compiler writes int(…) where it matters.
// C2. Values enter as data, never as text of an expression.

import {
  type CelInput,
  type CelResult,
  type CelUint,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
} from '@bufbuild/cel';
import type { JsonValue } from '../../util/index.js';

/** Converts a JSON value; objects become maps, so that no key can reach a prototype. */
export function toCel(value: JsonValue): CelInput {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(toCel);
  if (value !== null && typeof value === 'object') {
    return new Map(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  }
  return value;
}

/**
 * Converts a CEL value to JSON.
 *
 * @throws Error when JSON has no such value (bytes, durations, integers beyond 2^53)
 */
export function fromCel(value: CelResult): JsonValue {
  if (isCelError(value)) throw value;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return toNumber(value);
  if (isCelUint(value)) return toNumber(value.value);
  if (isCelList(value)) return [...value].map(fromCel);
  if (isCelMap(value)) {
    return Object.fromEntries([...value].map(([key, item]) => [keyText(key), fromCel(item)]));
  }
  throw new Error('the result is no JSON value');
}

function keyText(key: bigint | string | boolean | CelUint): string {
  return isCelUint(key) ? String(key.value) : String(key);
}

function toNumber(value: number | bigint): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Error('the result is not finite');
  if (typeof value === 'bigint' && !Number.isSafeInteger(number))
    throw new Error('the result is beyond 2^53');
  return number;
}
