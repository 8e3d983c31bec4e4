// What a task left behind, as typed values.
//
// O1. A value in executor_output.json wins over the parameter's file, as in KFP's launcher.
// O2. Every declared parameter must be there; an artifact without a file is allowed.
// O3. A parameter of more than 1 MiB never leaves the worker.

import { readFile, stat } from 'node:fs/promises';
import {
  outputNotReadable,
  outputWrongType,
  parameterMissing,
  valueTooLarge,
} from '../../errors/task.js';
import type { ComponentSpecJson, ParameterTypeJson } from '../../ir/index.js';
import type { JsonObject, JsonValue } from '../../util/json.js';
import { hostPath } from '../task-files.js';
import type { TaskInput } from './executor-input.js';
import {
  collectArtifacts,
  type CollectedArtifact,
  type OutputPlaces,
  type ReportedArtifacts,
} from './collect-artifacts.js';
import { asType, textToValue } from './text-to-value.js';
import { parseTolerantJson } from './tolerant-json.js';

/** 1 MiB: half of Temporal's limit on one payload, so that a value passes with its envelope. */
export const MAX_VALUE_BYTES = 1024 * 1024;
/** An executor output is metadata and parameters; far more than both may hold. */
const MAX_DOCUMENT_BYTES = 64 * MAX_VALUE_BYTES;

export interface CollectedOutputs {
  readonly parameters: JsonObject;
  readonly artifacts: Readonly<Record<string, readonly CollectedArtifact[]>>;
}

interface ExecutorOutput {
  readonly parameterValues: JsonObject;
  readonly artifacts: ReportedArtifacts;
}

/**
 * Reads the outputs of a finished task.
 *
 * @param places where the outputs are: the paths in `input` are the task's own
 * @throws E_TASK_OUTPUT, E_VALUE_SIZE
 */
export async function collectOutputs(
  component: ComponentSpecJson,
  input: TaskInput,
  places: OutputPlaces,
): Promise<CollectedOutputs> {
  const here = (seen: string): string => hostPath(places.files, seen) ?? seen;
  const output = await readExecutorOutput(here(input.outputs.outputFile));
  const parameters: Record<string, JsonValue> = {};
  const declared = component.outputDefinitions?.parameters ?? {};
  for (const [name, definition] of Object.entries(declared)) {
    const type = definition.parameterType ?? 'PARAMETER_TYPE_ENUM_UNSPECIFIED';
    const file = here(input.outputs.parameters[name]!.outputFile);
    parameters[name] = Object.hasOwn(output.parameterValues, name)
      ? typedValue(name, output.parameterValues[name]!, type)
      : await readParameterFile(name, file, type);
  }
  const artifacts = await collectArtifacts({
    component,
    input,
    places,
    reported: output.artifacts,
  });
  checkSizes(parameters, artifacts);
  return { parameters, artifacts };
}

async function readExecutorOutput(file: string): Promise<ExecutorOutput> {
  const size = await sizeOf(file);
  if (size === undefined) return { parameterValues: {}, artifacts: {} };
  if (size > MAX_DOCUMENT_BYTES)
    throw valueTooLarge('executor_output.json', size, MAX_DOCUMENT_BYTES);
  let document: JsonValue;
  try {
    document = parseTolerantJson(await readFile(file, 'utf8'));
  } catch (cause) {
    throw outputNotReadable('executor_output.json', 'it is not JSON', cause);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw outputNotReadable('executor_output.json', 'it is not a JSON object');
  }
  const { parameterValues, artifacts } = document as JsonObject;
  return {
    parameterValues: (parameterValues ?? {}) as JsonObject,
    artifacts: (artifacts ?? {}) as ReportedArtifacts,
  };
}

function typedValue(name: string, value: JsonValue, type: ParameterTypeJson): JsonValue {
  const typed = asType(value, type);
  if (typed === undefined || hasNonFinite(value, type)) {
    throw outputWrongType(name, type, JSON.stringify(value));
  }
  return typed;
}

async function readParameterFile(
  name: string,
  file: string,
  type: ParameterTypeJson,
): Promise<JsonValue> {
  const size = await sizeOf(file);
  if (size === undefined) throw parameterMissing(name, type);
  if (size > MAX_VALUE_BYTES) throw valueTooLarge(name, size, MAX_VALUE_BYTES);
  const text = await readFile(file, 'utf8');
  const value = textToValue(text, type);
  if (value === undefined) throw outputWrongType(name, type, text);
  return value;
}

/** A number type never holds the string that stands for NaN. */
function hasNonFinite(value: JsonValue, type: ParameterTypeJson): boolean {
  return type.startsWith('NUMBER') && typeof value === 'string';
}

function checkSizes(
  parameters: JsonObject,
  artifacts: Readonly<Record<string, readonly CollectedArtifact[]>>,
): void {
  for (const [name, value] of Object.entries({ ...parameters })) checkSize(name, value);
  for (const [name, list] of Object.entries(artifacts)) {
    checkSize(
      `${name}.metadata`,
      list.map(({ metadata }) => metadata),
    );
  }
  checkSize('all parameters together', parameters);
}

function checkSize(name: string, value: JsonValue): void {
  const size = Buffer.byteLength(JSON.stringify(value));
  if (size > MAX_VALUE_BYTES) throw valueTooLarge(name, size, MAX_VALUE_BYTES);
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
