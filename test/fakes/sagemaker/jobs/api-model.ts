// AWS's own rules for requests, read from botocore's model of the API: required fields, lengths, patterns, values.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { constraintError } from '../api-error.js';

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

interface Dump {
  readonly inputs: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Refuses what the API model refuses. @throws ApiError */
export type CheckRequest = (operation: string, input: unknown) => void;

/** Reads the model. @param python with botocore, which moto brings */
export function readApiModel(python: string, operations: readonly string[]): CheckRequest {
  const script = fileURLToPath(new URL('./dump_api_model.py', import.meta.url));
  const text = execFileSync(python, [script, ...operations], { maxBuffer: 64 * 2 ** 20 });
  const dump = JSON.parse(text.toString()) as Dump;
  return (operation, input) => {
    const shape = dump.inputs[operation];
    if (shape !== undefined) check(dump, shape, input, operation);
  };
}

function check(dump: Dump, name: string, value: unknown, path: string): void {
  const shape = dump.shapes[name]!;
  if (shape.type === 'structure') return checkStructure(dump, shape, value, path);
  if (shape.type === 'list') {
    const list = expectKind(value, path, Array.isArray) as unknown[];
    checkRange(shape, list.length, path, value);
    list.forEach((each, index) => check(dump, shape.member!, each, `${path}.${index + 1}.member`));
  } else if (shape.type === 'map') {
    const entries = Object.entries(expectKind(value, path, isObject) as object);
    checkRange(shape, entries.length, path, value);
    for (const [key, each] of entries) {
      check(dump, shape.key!, key, `${path}.key`);
      check(dump, shape.value!, each, `${path}.${key}`);
    }
  } else checkScalar(shape, value, path);
}

function checkStructure(dump: Dump, shape: Shape, value: unknown, path: string): void {
  const given = expectKind(value, path, isObject) as Record<string, unknown>;
  for (const field of shape.required ?? []) {
    if (given[field] === undefined)
      throw constraintError(undefined, `${path}.${field}`, 'not be null');
  }
  for (const [field, each] of Object.entries(given)) {
    const member = shape.members?.[field];
    if (member === undefined) throw constraintError(each, `${path}.${field}`, 'not exist');
    check(dump, member, each, `${path}.${field}`);
  }
}

function checkScalar(shape: Shape, value: unknown, path: string): void {
  if (shape.type === 'string') {
    const text = expectKind(value, path, (each) => typeof each === 'string') as string;
    checkRange(shape, text.length, path, value);
    if (shape.enum !== undefined && !shape.enum.includes(text)) {
      throw constraintError(text, path, 'satisfy enum value set');
    }
    if (shape.pattern !== undefined && !patternOf(shape.pattern).test(text)) {
      throw constraintError(text, path, `satisfy regular expression pattern: ${shape.pattern}`);
    }
  } else if (shape.type === 'integer' || shape.type === 'long') {
    checkRange(shape, expectKind(value, path, Number.isInteger) as number, path, value);
  } else if (shape.type === 'boolean') {
    expectKind(value, path, (each) => typeof each === 'boolean');
  }
}

/** Patterns are Java's and match whole values; some repeat their end, which means nothing. */
function patternOf(pattern: string): RegExp {
  const plain = pattern.replaceAll('\\p{Alnum}', 'A-Za-z0-9').replace(/\$\{\d+,\d+\}$/, '');
  return new RegExp(`^(?:${plain})$`, 'u');
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
