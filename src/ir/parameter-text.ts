import { parameterErrors } from '../errors/index.js';
import { closestMatch, type JsonValue } from '../util/index.js';
import { ownEntry } from './own-entry.js';
import { declaredType, fitsType, type ParameterType } from './parameter-type.js';
import { PARAMETER_WORDS } from './parameter-words.js';
import type { PipelineSpecJson } from './spec.js';

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
]);

/**
 * Reads a parameter's value from text, as a command line gives it.
 *
 * @throws E_PARAM when the pipeline has no such parameter, or the text is no value of its type
 */
export function parseParameterText(spec: PipelineSpecJson, name: string, text: string): JsonValue {
  const definitions = spec.root?.inputDefinitions?.parameters ?? {};
  const definition = ownEntry(definitions, name);
  if (definition === undefined) {
    const known = Object.keys(definitions);
    const unknown = parameterErrors.unknownParameter(
      name,
      closestMatch(name.slice(0, 200), known),
      known,
    );
    throw parameterErrors.parametersRefused([unknown]);
  }
  const type = declaredType(definition) ?? 'STRING';
  const value = parseText(type, text);
  if (value !== undefined && fitsType(value, type)) return value;
  const fault = parameterErrors.wrongParameter(name, JSON.stringify(text), PARAMETER_WORDS[type]);
  throw parameterErrors.parametersRefused([fault]);
}

/** @returns undefined when the text is no value of the type's form */
function parseText(type: ParameterType, text: string): JsonValue | undefined {
  switch (type) {
    case 'STRING':
      return text;
    case 'NUMBER_INTEGER':
      return /^[-+]?\d+$/.test(text.trim()) ? Number(text) + 0 : undefined;
    case 'NUMBER_DOUBLE':
      return DECIMAL.test(text.trim()) ? Number(text) + 0 : undefined;
    case 'BOOLEAN':
      return BOOLEANS.get(text.trim());
    case 'LIST':
    case 'STRUCT':
      return parseJson(text);
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
      return undefined;
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
