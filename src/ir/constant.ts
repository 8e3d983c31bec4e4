import type { JsonValue } from '../util/index.js';
import type { ValueOrRuntimeParameterJson } from './spec.js';

/**
 * The constant of a runtime value, in the present form or in the one of schema version 2.0.0.
 *
 * @returns undefined when it is no constant; null is a constant of its own
 */
export function constantOf(value: ValueOrRuntimeParameterJson): JsonValue | undefined {
  if (value.constant !== undefined) return value.constant;
  if (value.constantValue === undefined) return undefined;
  const { intValue, doubleValue, stringValue } = value.constantValue;
  if (intValue !== undefined) return Number(intValue);
  return doubleValue ?? stringValue;
}
