// Parameter types as the KFP backend enforces them (backend/src/v2/driver/resolve.go).

import { AnnealError } from '../errors/index.js';
import type { JsonValue } from '../util/json.js';

/** Name of the JSON kind of a value, in the words of KFP's messages. */
function kindOf(value: JsonValue): 'null' | 'string' | 'number' | 'bool' | 'list' | 'struct' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'object') return 'struct';
  return typeof value === 'number' ? 'number' : 'string';
}

const KINDS_OF_TYPE: Readonly<Record<string, string>> = {
  NUMBER_INTEGER: 'number',
  NUMBER_DOUBLE: 'number',
  BOOLEAN: 'bool',
  LIST: 'list',
  STRUCT: 'struct',
  TASK_FINAL_STATUS: 'struct',
  TASK_CONFIG: 'struct',
};

/**
 * Fits a value to the type its consumer declares. A STRING input takes anything, as JSON text; every other
 * type must already match.
 *
 * @throws E_TYPE naming the input, the declared type and what came
 */
export function coerceParameter(
  name: string,
  type: string | undefined,
  value: JsonValue,
): JsonValue {
  if (type === 'STRING') return typeof value === 'string' ? value : JSON.stringify(value);
  const wanted = KINDS_OF_TYPE[type ?? ''];
  if (wanted === undefined || kindOf(value) === wanted) return value;
  throw new AnnealError(
    `Input parameter "${name}" is declared ${type}, but the value it got is a ${kindOf(value)}.`,
    { code: 'E_TYPE', details: { name, type }, hint: 'Change the producer or the declared type.' },
  );
}
