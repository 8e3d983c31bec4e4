// The container of a component: image, command and arguments, with typed placeholders.
//
// Placeholders are KFP's (kfp.dsl.placeholders): text that the launcher replaces in the task.

import type { ContainerSpecJson } from '../ir/index.js';
import type { ParameterType } from './parameter-type.js';
import type { ValueTypes } from './value-type.js';

/** What a task runs. */
export interface ContainerTemplate {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Placeholders of an artifact. */
export interface ArtifactPlaceholders {
  /** Local path of the bytes. */
  readonly path: string;
  readonly uri: string;
  /** One metadata value. */
  metadata(key: string): string;
}

/** Placeholders of an output parameter: the task writes its value, as text, to this file. */
export interface OutputParameterPlaceholders {
  readonly outputFile: string;
}

export type InputPlaceholders<Types extends ValueTypes> = {
  readonly [Name in keyof Types]: Types[Name] extends ParameterType ? string : ArtifactPlaceholders;
};

export type OutputPlaceholders<Types extends ValueTypes> = {
  readonly [Name in keyof Types]: Types[Name] extends ParameterType
    ? OutputParameterPlaceholders
    : ArtifactPlaceholders;
};

/** A fixed container, or one built from the placeholders of the component's interface. */
export type ContainerDefinition<Inputs extends ValueTypes, Outputs extends ValueTypes> =
  | ContainerTemplate
  | ((placeholders: {
      readonly inputs: InputPlaceholders<Inputs>;
      readonly outputs: OutputPlaceholders<Outputs>;
      /** The whole executor input as JSON. */
      readonly executorInput: string;
    }) => ContainerTemplate);

/** Renders a container as the IR's container spec. */
export function buildContainer<Inputs extends ValueTypes, Outputs extends ValueTypes>(
  definition: ContainerDefinition<Inputs, Outputs>,
  types: { readonly inputs: Inputs; readonly outputs: Outputs },
): ContainerSpecJson {
  const template =
    typeof definition === 'function' ? definition(createPlaceholders(types)) : definition;
  const env = Object.entries(template.env ?? {});
  return {
    image: template.image,
    ...(template.command === undefined ? {} : { command: [...template.command] }),
    ...(template.args === undefined ? {} : { args: [...template.args] }),
    ...(env.length === 0 ? {} : { env: env.map(([name, value]) => ({ name, value })) }),
  };
}

function createPlaceholders<Inputs extends ValueTypes, Outputs extends ValueTypes>(types: {
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}) {
  const inputs = mapTypes(types.inputs, (name, isParameter) =>
    isParameter ? `{{$.inputs.parameters['${name}']}}` : artifactPlaceholders('inputs', name),
  );
  const outputs = mapTypes(types.outputs, (name, isParameter) =>
    isParameter
      ? { outputFile: `{{$.outputs.parameters['${name}'].output_file}}` }
      : artifactPlaceholders('outputs', name),
  );
  return {
    inputs: inputs as InputPlaceholders<Inputs>,
    outputs: outputs as OutputPlaceholders<Outputs>,
    executorInput: '{{$}}',
  };
}

function mapTypes(
  types: ValueTypes,
  render: (name: string, isParameter: boolean) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, render(name, type.kind === 'parameter')]),
  );
}

function artifactPlaceholders(side: 'inputs' | 'outputs', name: string): ArtifactPlaceholders {
  const artifact = `$.${side}.artifacts['${name}']`;
  return {
    path: `{{${artifact}.path}}`,
    uri: `{{${artifact}.uri}}`,
    metadata: (key) => `{{${artifact}.metadata['${key}']}}`,
  };
}
