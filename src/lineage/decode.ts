// Small decoders for stored JSON: each takes an unknown value and its JSON path, and returns a typed value.
//
// D1. Strict: a missing, mistyped or unknown field is an error that names its path.

import type { JsonObject } from '../util/index.js';

/** Thrown by decoders; readRecord turns it into E_RECORD with the record's key. */
export class DecodeError extends Error {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path} ${reason}`);
  }
}

export type Decode<T> = (value: unknown, path: string) => T;

export const text: Decode<string> = (value, path) => {
  if (typeof value !== 'string') throw new DecodeError(path, 'is not a string');
  return value;
};

/** A number from 0 that is safe as integer. */
export const count: Decode<number> = (value, path) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new DecodeError(path, 'is not a whole number from 0');
  }
  return value as number;
};

export const flag: Decode<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new DecodeError(path, 'is not true or false');
  return value;
};

export const digest: Decode<string> = (value, path) => {
  if (!/^sha256:[0-9a-f]{64}$/.test(text(value, path))) {
    throw new DecodeError(path, 'is not a digest (sha256:<hex>)');
  }
  return value as string;
};

/** ISO 8601 with date and time. */
export const instant: Decode<string> = (value, path) => {
  if (!/^\d{4}-\d\d-\d\dT/.test(text(value, path)) || Number.isNaN(Date.parse(value as string))) {
    throw new DecodeError(path, 'is not a time (ISO 8601)');
  }
  return value as string;
};

export const jsonObject: Decode<JsonObject> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(path, 'is not an object');
  }
  return value as JsonObject;
};

export function oneOf<T extends string | number>(...allowed: readonly T[]): Decode<T> {
  return (value, path) => {
    const found = allowed.find((each) => each === value);
    if (found === undefined) throw new DecodeError(path, `is not one of ${allowed.join(', ')}`);
    return found;
  };
}

export function optional<T>(decode: Decode<T>): Decode<T | undefined> {
  return (value, path) => (value === undefined ? undefined : decode(value, path));
}

export function listOf<T>(decode: Decode<T>): Decode<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new DecodeError(path, 'is not a list');
    return value.map((item, index) => decode(item, `${path}[${index}]`));
  };
}

export function mapOf<T>(decode: Decode<T>): Decode<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(jsonObject(value, path)).map(([key, item]) => [
        key,
        decode(item, `${path}[${JSON.stringify(key)}]`),
      ]),
    );
}

/** Decodes an object with exactly these fields; absent optional ones stay absent (D1). */
export function fields<T extends object>(shape: {
  readonly [K in keyof T]-?: Decode<T[K]>;
}): Decode<T> {
  const names = Object.keys(shape) as (keyof T & string)[];
  return (value, path) => {
    const object = jsonObject(value, path);
    const unknown = Object.keys(object).find((name) => !Object.hasOwn(shape, name));
    if (unknown !== undefined) throw new DecodeError(`${path}.${unknown}`, 'is not a known field');
    const decoded = names
      .map((name) => [name, shape[name](object[name], `${path}.${name}`)] as const)
      .filter(([, item]) => item !== undefined);
    return Object.fromEntries(decoded) as T;
  };
}
