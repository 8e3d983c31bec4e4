// Selectors: CEL that picks a part of a parameter's value, e.g. parseJson(string_value)["key"].

import { plan } from '@bufbuild/cel';
import { type Finding, irErrors, irFindings } from '../../errors/index.js';
import type { JsonValue } from '../../util/index.js';
import { valueToText } from '../value-to-text.js';
import { fromCel, toCel } from './cel-values.js';
import { CEL_ENVIRONMENT } from './environment.js';
import { parseExpression } from './parse-expression.js';

/** pipeline_spec.proto: a selector sees the fields of google.protobuf.Value. */
const VARIABLES = [
  'string_value',
  'number_value',
  'bool_value',
  'struct_value',
  'list_value',
  'null_value',
];

/** Checks a selector's syntax and words; undefined when it can be used. */
export function checkSelector(expression: string): Finding | undefined {
  const result = parseExpression(expression, VARIABLES);
  if (!('refusal' in result)) return undefined;
  return irFindings.badSelector(expression, result.refusal.reason, result.refusal.column);
}

/**
 * Applies a parameterExpressionSelector.
 *
 * @param value  what the input is wired to; `string_value` is its text whatever its type, as in
 *               KFP's backend (expression.go, Select), the field of its own type is set beside it
 * @throws E_SELECTOR when it cannot be parsed or fails, an absent key included
 */
export function selectParameter(expression: string, value: JsonValue): JsonValue {
  const result = parseExpression(expression, VARIABLES);
  if ('refusal' in result) throw irErrors.selectorFailed(expression, result.refusal.reason, value);
  try {
    return fromCel(plan(CEL_ENVIRONMENT, result.parsed)(fieldsOf(value)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw irErrors.selectorFailed(expression, reason, value);
  }
}

function fieldsOf(value: JsonValue) {
  const fields: Record<string, JsonValue> = { string_value: valueToText(value) };
  if (value === null) fields['null_value'] = null;
  else if (Array.isArray(value)) fields['list_value'] = value;
  else if (typeof value === 'object') fields['struct_value'] = value;
  else if (typeof value === 'number') fields['number_value'] = value;
  else if (typeof value === 'boolean') fields['bool_value'] = value;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toCel(field)]));
}
