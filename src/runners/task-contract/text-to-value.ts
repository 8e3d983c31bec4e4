// The text of an output parameter file as a typed value.
//
// Accepted spellings are those of KFP's launcher: Go's ParseInt (base 10), ParseFloat and ParseBool
// for scalars, JSON for lists and structs; strings are kept byte for byte, final newline included.

import { parseTolerantJson } from './tolerant-json.js';
import type { ParameterTypeJson } from '../../ir/index.js';
import type { JsonValue } from '../../util/json.js';

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Reads text as a value of a parameter type; undefined when it is not one. */
export function textToValue(text: string, type: ParameterTypeJson): JsonValue | undefined {
  const trimmed = text.trim();
  switch (type) {
    case 'STRING':
      return text;
    case 'NUMBER_INTEGER':
      return /^[+-]?\d+$/.test(trimmed) ? asType(Number(trimmed), type) : undefined;
    case 'NUMBER_DOUBLE':
      return DECIMAL.test(trimmed) ? asType(Number(trimmed), type) : undefined;
    case 'BOOLEAN':
      return TRUE.has(trimmed) ? true : FALSE.has(trimmed) ? false : undefined;
    case 'LIST':
    case 'STRUCT':
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
    case 'PARAMETER_TYPE_ENUM_UNSPECIFIED':
      return asType(parseOrUndefined(text), type);
  }
}

/**
 * Checks a value that came as JSON against its declared type.
 * Python's True for an integer counts as 1 and an integral double as an integer, as kfp.local does.
 *
 * @returns undefined when the value is of another type, or not a finite and safe number
 */
export function asType(
  value: JsonValue | undefined,
  type: ParameterTypeJson,
): JsonValue | undefined {
  switch (type) {
    case 'STRING':
      return typeof value === 'string' ? value : undefined;
    case 'NUMBER_INTEGER':
      return Number.isSafeInteger(Number(value)) && isNumeric(value) ? Number(value) : undefined;
    case 'NUMBER_DOUBLE':
      return Number.isFinite(Number(value)) && isNumeric(value) ? Number(value) : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'LIST':
      return Array.isArray(value) ? value : undefined;
    case 'STRUCT':
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
      return isObject(value) ? value : undefined;
    case 'PARAMETER_TYPE_ENUM_UNSPECIFIED':
      return value;
  }
}

function isNumeric(value: JsonValue | undefined): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function isObject(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseOrUndefined(text: string): JsonValue | undefined {
  try {
    return parseTolerantJson(text);
  } catch {
    return undefined;
  }
}
