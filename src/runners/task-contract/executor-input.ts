// The executor input: what one task is told about its inputs and where to put its outputs.
//
// X1. Absent stays absent: an optional input without a value has no key. A null is passed as null.
// X2. Output paths depend on the folder and the output's name only.
// X3. The default value of a parameter is filled in when the task got none, as KFP's launcher does.

import path from 'node:path';
import type { ArtifactRef, TaskValues } from '../../contract/index.js';
import type {
  ArtifactTypeSchemaJson,
  ComponentSpecJson,
  ExecutorInputJson,
  OutputArtifactDefinitionJson,
  RuntimeArtifactJson,
} from '../../ir/index.js';
import { safeSegment } from '../../storage/index.js';
import type { JsonObject, JsonValue } from '../../util/json.js';

/** An artifact as the task sees it. */
export type TaskArtifact = Omit<RuntimeArtifactJson, 'metadata'> & {
  readonly name: string;
  readonly type: ArtifactTypeSchemaJson;
  readonly uri: string;
  readonly metadata: JsonObject;
};

/** KFP's ExecutorInput with the parts that are always there made certain. */
export interface TaskInput {
  readonly inputs: {
    readonly parameterValues: JsonObject;
    readonly artifacts: Readonly<Record<string, { readonly artifacts: readonly TaskArtifact[] }>>;
  };
  readonly outputs: {
    readonly parameters: Readonly<Record<string, { readonly outputFile: string }>>;
    readonly artifacts: Readonly<Record<string, { readonly artifacts: readonly TaskArtifact[] }>>;
    /** Where the task's executor writes its ExecutorOutput. */
    readonly outputFile: string;
  };
}

export interface ExecutorInputRequest {
  readonly component: ComponentSpecJson;
  readonly inputs: TaskValues;
  /** Where an input artifact can be read: a local path, or its address when there is none. */
  readonly localUri: (artifact: ArtifactRef) => string;
  /** Local folder of the attempt. */
  readonly folder: string;
}

/**
 * Builds the executor input of one attempt.
 * Artifact addresses are local paths, because KFP's `Artifact.path` is derived from the address.
 */
export function buildExecutorInput(request: ExecutorInputRequest): TaskInput {
  const outputs = request.component.outputDefinitions;
  return {
    inputs: {
      parameterValues: withDefaults(request),
      artifacts: mapRecord(request.inputs.artifacts, (artifacts) => ({
        artifacts: artifacts.map((artifact) => inputArtifact(artifact, request.localUri)),
      })),
    },
    outputs: {
      parameters: mapRecord(outputs?.parameters ?? {}, (_, name) => ({
        outputFile: path.join(request.folder, 'parameters', safeSegment(name)),
      })),
      artifacts: mapRecord(outputs?.artifacts ?? {}, (definition, name) => ({
        artifacts: [outputArtifact(definition, name, request.folder)],
      })),
      outputFile: path.join(request.folder, 'executor_output.json'),
    },
  };
}

/** The executor input as protojson writes it: empty maps left out. */
export function executorInputJson(input: TaskInput): ExecutorInputJson & JsonObject {
  const json = { inputs: withoutEmpty(input.inputs), outputs: withoutEmpty(input.outputs) };
  return json as unknown as ExecutorInputJson & JsonObject;
}

function withDefaults({ component, inputs }: ExecutorInputRequest): JsonObject {
  const values: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
  for (const [name, definition] of Object.entries(component.inputDefinitions?.parameters ?? {})) {
    if (definition.defaultValue !== undefined) values[name] = definition.defaultValue;
  }
  for (const [name, value] of Object.entries(inputs.parameters)) values[name] = value;
  return values;
}

function inputArtifact(
  artifact: ArtifactRef,
  localUri: (artifact: ArtifactRef) => string,
): TaskArtifact {
  return {
    name: artifact.name,
    type: { schemaTitle: artifact.type, schemaVersion: artifact.schemaVersion },
    uri: localUri(artifact),
    metadata: artifact.metadata,
  };
}

function outputArtifact(
  definition: OutputArtifactDefinitionJson,
  name: string,
  folder: string,
): TaskArtifact {
  return {
    name,
    type: definition.artifactType ?? { schemaTitle: 'system.Artifact', schemaVersion: '0.0.1' },
    uri: path.join(folder, 'outputs', safeSegment(name)),
    metadata: definition.metadata ?? {},
  };
}

function mapRecord<In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In, name: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, map(value, name)]),
  );
}

function withoutEmpty(part: object): object {
  return Object.fromEntries(
    Object.entries(part).filter(
      ([, value]) => typeof value !== 'object' || Object.keys(value as object).length > 0,
    ),
  );
}
