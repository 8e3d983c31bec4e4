// AWS's own rules for requests: required members, lengths, ranges, patterns, values (aws-api.generated.ts).

import { constraintError } from './api-error.js';

interface Shape {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
  readonly members?: Readonly<Record<string, string>>;
}

/** The inputs of some operations of one service, and the shapes they consist of. */
export interface AwsApi {
  readonly inputs: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Refuses what the API model refuses. @throws ApiError */
export type CheckRequest = (operation: string, input: unknown) => void;

/** The check of one service's requests. */
export function checkOf(api: AwsApi): CheckRequest {
  return (operation, input) => {
    const shape = api.inputs[operation];
    if (shape !== undefined) check(api, shape, input, operation);
  };
}

function check(api: AwsApi, name: string, value: unknown, path: string): void {
  const shape = api.shapes[name]!;
  if (shape.type === 'structure') return checkStructure(api, shape, value, path);
  if (shape.type === 'list') {
    const list = expectKind(value, path, Array.isArray) as unknown[];
    checkRange(shape, list.length, path, value);
    list.forEach((each, index) => check(api, shape.member!, each, `${path}.${index + 1}.member`));
  } else if (shape.type === 'map') {
    const entries = Object.entries(expectKind(value, path, isObject) as object);
    checkRange(shape, entries.length, path, value);
    for (const [key, each] of entries) {
      check(api, shape.key!, key, `${path}.key`);
      check(api, shape.value!, each, `${path}.${key}`);
    }
  } else checkScalar(shape, value, path);
}

function checkStructure(api: AwsApi, shape: Shape, value: unknown, path: string): void {
  const given = expectKind(value, path, isObject) as Record<string, unknown>;
  for (const field of shape.required ?? []) {
    if (given[field] === undefined)
      throw constraintError(undefined, `${path}.${field}`, 'not be null');
  }
  for (const [field, each] of Object.entries(given)) {
    const member = shape.members?.[field];
    if (member === undefined) throw constraintError(each, `${path}.${field}`, 'not exist');
    check(api, member, each, `${path}.${field}`);
  }
}

function checkScalar(shape: Shape, value: unknown, path: string): void {
  switch (shape.type) {
    case 'string': {
      const text = expectKind(value, path, (each) => typeof each === 'string') as string;
      checkRange(shape, text.length, path, value);
      if (shape.enum !== undefined && !shape.enum.includes(text)) {
        throw constraintError(text, path, 'satisfy enum value set');
      }
      if (shape.pattern !== undefined && !patternOf(shape.pattern).test(text)) {
        throw constraintError(text, path, `satisfy regular expression pattern: ${shape.pattern}`);
      }
      return;
    }
    case 'integer':
    case 'long':
      return checkRange(shape, expectKind(value, path, Number.isInteger) as number, path, value);
    case 'float':
    case 'double':
      return checkRange(
        shape,
        expectKind(value, path, (each) => typeof each === 'number') as number,
        path,
        value,
      );
    case 'boolean':
      return void expectKind(value, path, (each) => typeof each === 'boolean');
    default:
      // Times and blobs: their forms are the protocol's, not the model's.
      return;
  }
}

/** Patterns are Java's and match whole values. */
function patternOf(pattern: string): RegExp {
  const text = pattern
    .replaceAll('\\p{Alnum}', 'A-Za-z0-9')
    .replaceAll('\\p{Print}', '[\\x20-\\x7E]')
    // Some repeat their end, which means nothing.
    .replace(/\$\{\d+,\d+\}$/, '')
    // Java pairs surrogates by itself; with the flag u a pattern must name code points.
    .replaceAll('\\uD800\\uDC00-\\uDBFF\\uDFFF', '\\u{10000}-\\u{10FFFF}');
  return new RegExp(`^(?:${text})$`, flagsOf(text));
}

/** Some patterns escape characters that need none, which the flag u forbids; those with classes need it. */
function flagsOf(text: string): string {
  return /\\p\{|\\u\{/u.test(text) ? 'u' : '';
}

function checkRange({ min, max }: Shape, size: number, path: string, value: unknown): void {
  if (min !== undefined && size < min) throw constraintError(value, path, `be at least ${min}`);
  if (max !== undefined && size > max) throw constraintError(value, path, `be at most ${max}`);
}

function expectKind(value: unknown, path: string, is: (each: unknown) => boolean): unknown {
  if (!is(value)) throw constraintError(value, path, 'be of another type');
  return value;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
