// Declared inputs and outputs as the IR's input and output definitions.

import type {
  ComponentInputsSpecJson,
  ComponentOutputsSpecJson,
  InputArtifactDefinitionJson,
  InputParameterDefinitionJson,
  OutputArtifactDefinitionJson,
  OutputParameterDefinitionJson,
  ParameterTypeJson,
} from '../../ir/index.js';
import type { JsonValue } from '../../util/index.js';
import type { ParameterKind, ParameterType } from '../parameter-type.js';
import type { InputType, InputTypes, ValueTypes } from '../value-type.js';
import type { FinalStatusType } from '../final-status.js';

const PARAMETER_TYPES: Readonly<Record<ParameterKind, ParameterTypeJson>> = {
  string: 'STRING',
  integer: 'NUMBER_INTEGER',
  double: 'NUMBER_DOUBLE',
  boolean: 'BOOLEAN',
  list: 'LIST',
  struct: 'STRUCT',
};

/** The IR's `inputDefinitions`; undefined when there are none, as protojson leaves empty messages out. */
export function inputDefinitions(types: InputTypes): ComponentInputsSpecJson | undefined {
  return definitions<InputParameterDefinitionJson, InputArtifactDefinitionJson>(types, {
    parameter: (type) => ({
      parameterType: PARAMETER_TYPES[type.parameterKind],
      ...(type.default === undefined ? {} : { defaultValue: type.default as JsonValue as never }),
      ...optionality(type),
    }),
    artifact: (type) => ({ ...artifactDefinition(type), ...optionality(type) }),
    finalStatus: (type) => ({ parameterType: 'TASK_FINAL_STATUS', ...optionality(type) }),
  });
}

/** The IR's `outputDefinitions`; undefined when there are none. */
export function outputDefinitions(types: ValueTypes): ComponentOutputsSpecJson | undefined {
  return definitions<OutputParameterDefinitionJson, OutputArtifactDefinitionJson>(types, {
    parameter: (type) => ({
      parameterType: PARAMETER_TYPES[type.parameterKind],
      ...descriptionOf(type),
    }),
    artifact: (type) => ({ ...artifactDefinition(type), ...descriptionOf(type) }),
  });
}

type ArtifactValueType = Exclude<InputType, ParameterType | FinalStatusType>;

function definitions<ParameterJson, ArtifactJson>(
  types: InputTypes,
  render: {
    readonly parameter: (type: ParameterType) => ParameterJson;
    readonly artifact: (type: ArtifactValueType) => ArtifactJson;
    readonly finalStatus?: (type: FinalStatusType) => ParameterJson;
  },
):
  | { parameters?: Record<string, ParameterJson>; artifacts?: Record<string, ArtifactJson> }
  | undefined {
  const parameters: [string, ParameterJson][] = [];
  const artifacts: [string, ArtifactJson][] = [];
  for (const [name, type] of Object.entries(types)) {
    if (type.kind === 'parameter') parameters.push([name, render.parameter(type)]);
    else if (type.kind !== 'final-status') artifacts.push([name, render.artifact(type)]);
    else if (render.finalStatus !== undefined) parameters.push([name, render.finalStatus(type)]);
  }
  if (parameters.length + artifacts.length === 0) return undefined;
  return {
    ...(parameters.length === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    ...(artifacts.length === 0 ? {} : { artifacts: Object.fromEntries(artifacts) }),
  };
}

function artifactDefinition(type: ArtifactValueType) {
  const { schemaTitle, schemaVersion } = type;
  return {
    artifactType: { schemaTitle, schemaVersion },
    ...(type.kind === 'artifact-list' ? { isArtifactList: true } : {}),
  };
}

function optionality(type: InputType): { isOptional?: boolean; description?: string } {
  return { ...(type.isRequired ? {} : { isOptional: true }), ...descriptionOf(type) };
}

function descriptionOf(type: InputType): { description?: string } {
  return type.description === undefined ? {} : { description: type.description };
}
