// Parameter types: what is declared, and which JSON values fit.

import type { JsonValue } from '../util/index.js';
import type {
  InputParameterDefinitionJson,
  OutputParameterDefinitionJson,
  ParameterTypeJson,
} from './spec.js';

/** A declared parameter type. */
export type ParameterType = Exclude<ParameterTypeJson, 'PARAMETER_TYPE_ENUM_UNSPECIFIED'>;

// pipeline_spec.proto: PrimitiveType is what schema version 2.0.0 used for ParameterType.
const FROM_PRIMITIVE: Readonly<Record<string, ParameterType>> = {
  INT: 'NUMBER_INTEGER',
  DOUBLE: 'NUMBER_DOUBLE',
  STRING: 'STRING',
};

const FITS: Readonly<Record<ParameterType, (value: JsonValue) => boolean>> = {
  STRING: (value) => typeof value === 'string',
  // pipeline_spec.proto: integers are doubles on the wire, within JavaScript's safe range.
  NUMBER_INTEGER: (value) => Number.isSafeInteger(value),
  NUMBER_DOUBLE: (value) => typeof value === 'number' && Number.isFinite(value),
  BOOLEAN: (value) => typeof value === 'boolean',
  LIST: (value) => Array.isArray(value),
  STRUCT: isStruct,
  TASK_FINAL_STATUS: isStruct,
  TASK_CONFIG: isStruct,
};

/** The type a definition declares; undefined when it declares none or one that is not known. */
export function declaredType(
  definition: InputParameterDefinitionJson | OutputParameterDefinitionJson,
): ParameterType | undefined {
  const { parameterType, type = '' } = definition;
  if (parameterType !== undefined && Object.hasOwn(FITS, parameterType)) {
    return parameterType as ParameterType;
  }
  return FROM_PRIMITIVE[type];
}

/** Whether a value can be passed to a parameter of a type; null fits none. */
export function fitsType(value: JsonValue, type: ParameterType): boolean {
  return FITS[type](value);
}

/** Names a value's type in the words of the spec, for messages. */
export function typeOfValue(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'LIST';
  if (typeof value === 'number')
    return Number.isInteger(value) ? 'NUMBER_INTEGER' : 'NUMBER_DOUBLE';
  return (
    { string: 'STRING', boolean: 'BOOLEAN', object: 'STRUCT' }[typeof value as string] ?? 'unknown'
  );
}

function isStruct(value: JsonValue): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
