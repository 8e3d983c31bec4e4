// The parameters of a run, checked against what the pipeline declares.
//
// A1. Absent is not null: an optional parameter that is not given stays out of the result.
// A2. Nothing is converted: a value that does not fit its type is refused, never rounded or parsed.
// A3. A pipeline whose inputs are artifacts is a component: a run passes parameters only (as KFP's API does).

import { clientErrors, parameterErrors } from '../errors/index.js';
import { canonicalJson, closestMatch, type JsonObject, type JsonValue } from '../util/index.js';
import { jsonFault, jsonSizeBytes } from './json-fault.js';
import { ownEntry } from './own-entry.js';
import { declaredType, fitsType } from './parameter-type.js';
import { PARAMETER_WORDS } from './parameter-words.js';
import type { InputParameterDefinitionJson, PipelineSpecJson } from './spec.js';

// 1 MiB: half of what the server takes in one payload (limit.blobSize.error, 2 MiB).
export const MAX_PARAMETERS_BYTES = 1024 * 1024;

/**
 * Checks the parameters given for a run and completes them with the pipeline's defaults.
 *
 * @param given  values by name; undefined counts as absent
 * @returns every parameter that has a value, in the spec's order
 * @throws E_PARAM for an unknown, missing or mistyped one (all in `details.errors`); E_PARAM_SIZE
 */
export function checkParameters(spec: PipelineSpecJson, given: JsonObject): JsonObject {
  const definitions = spec.root?.inputDefinitions?.parameters ?? {};
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  const faults = [
    ...values.flatMap(([name]) => unknownFault(name, definitions)),
    ...Object.entries(definitions).flatMap(([name, definition]) =>
      valueFault(name, definition, ownEntry(given, name)),
    ),
    ...Object.entries(spec.root?.inputDefinitions?.artifacts ?? {})
      .filter(([, { isOptional = false }]) => !isOptional)
      .map(([name]) => parameterErrors.artifactNeeded(name)),
  ];
  if (faults.length > 0) throw parameterErrors.parametersRefused(faults);
  const completed = Object.entries(definitions).flatMap(([name, { defaultValue }]) => {
    const value = ownEntry(given, name);
    const used = value === undefined ? defaultValue : value;
    return used === undefined ? [] : [[name, withoutNegativeZero(used)] as const];
  });
  return checkSize(Object.fromEntries(completed));
}

type Definitions = Readonly<Record<string, InputParameterDefinitionJson>>;

function unknownFault(name: string, definitions: Definitions): parameterErrors.ParameterFault[] {
  if (Object.hasOwn(definitions, name)) return [];
  const known = Object.keys(definitions);
  const nearest = name.length > 200 ? undefined : closestMatch(name, known);
  return [parameterErrors.unknownParameter(name, nearest, known)];
}

function valueFault(
  name: string,
  definition: InputParameterDefinitionJson,
  value: JsonValue | undefined,
): parameterErrors.ParameterFault[] {
  const type = declaredType(definition) ?? 'STRING';
  const { isOptional = false, defaultValue, literals = [] } = definition;
  if (value === undefined) {
    if (isOptional || defaultValue !== undefined) return [];
    return [parameterErrors.missingParameter(name, PARAMETER_WORDS[type])];
  }
  if (value === null && isOptional) return [];
  const wrong = (expected: string) => [parameterErrors.wrongParameter(name, show(value), expected)];
  const unfit = jsonFault(value);
  if (unfit !== undefined) return wrong(`${PARAMETER_WORDS[type]}; it ${unfit}`);
  if (!fitsType(value, type)) return wrong(PARAMETER_WORDS[type]);
  const isLiteral = literals.some((literal) => canonicalJson(literal) === canonicalJson(value));
  return literals.length === 0 || isLiteral ? [] : wrong(`one of ${literals.map(show).join(', ')}`);
}

function show(value: JsonValue): string {
  // JSON has no NaN and no infinities: JSON.stringify would show them as null.
  return typeof value === 'number' ? String(value) : shorten(value);
}

function shorten(value: JsonValue): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : canonicalShape(value);
}

/** Lists and objects are named, not printed: they may be large or nest without end. */
function canonicalShape(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** JSON text has no -0, so it would change on its way to the server. */
function withoutNegativeZero(value: JsonValue): JsonValue {
  return value === 0 ? 0 : value;
}

function checkSize(parameters: JsonObject): JsonObject {
  const sizeBytes = jsonSizeBytes(parameters);
  if (sizeBytes <= MAX_PARAMETERS_BYTES) return parameters;
  throw clientErrors.parametersTooLarge(`${sizeBytes} bytes`, `${MAX_PARAMETERS_BYTES} bytes`);
}
