// Whether a JavaScript value can be the constant value of a parameter.

import type { JsonValue } from '../util/index.js';
import type { ParameterKind } from './parameter-type.js';

/** What is wrong with a literal. */
export interface LiteralProblem {
  readonly expected: string;
  readonly found: string;
}

/**
 * Checks a constant against a parameter type.
 *
 * @returns undefined when it fits; a number must be finite, an integer safe, lists and structs plain JSON
 */
export function literalProblem(kind: ParameterKind, value: unknown): LiteralProblem | undefined {
  return FITS[kind](value) ? undefined : { expected: EXPECTED[kind], found: describeValue(value) };
}

const FITS: Readonly<Record<ParameterKind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value),
  double: (value) => Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value) && isJson(value),
  struct: (value) => isPlainObject(value) && isJson(value),
};

const EXPECTED: Readonly<Record<ParameterKind, string>> = {
  string: 'a string',
  integer: 'a whole number',
  double: 'a finite number',
  boolean: 'true or false',
  list: 'a list of JSON values',
  struct: 'an object of JSON values',
};

/** Tells JSON values, at any depth, from all else. */
export function isJson(value: unknown): value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isPlainObject(value) && Object.values(value).every(isJson);
}

/** Names a value for an error: its type, with short values shown. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 60))}`;
  if (typeof value === 'number' || typeof value === 'boolean')
    return `the ${typeof value} ${value}`;
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
