// The container of a component: image, command and arguments, with typed placeholders.
//
// Placeholders are KFP's (kfp.dsl.placeholders): text that the launcher replaces in the task.

import type { ContainerSpecJson } from '../ir/index.js';
import type { ArtifactListType } from './artifact-type.js';
import type { CommandElement, Concat, IfPresent } from './command-element.js';
import { concat, elementText, ifPresentOf } from './command-element.js';
import type { FinalStatusType } from './final-status.js';
import type { ParameterType } from './parameter-type.js';
import type { InputTypes, ValueTypes } from './value-type.js';

/** What a task runs. */
export interface ContainerTemplate {
  readonly image: string;
  readonly command?: readonly CommandElement[];
  readonly args?: readonly CommandElement[];
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

/** A list of artifacts can only be passed as a whole, as JSON. */
export type InputPlaceholders<Types extends InputTypes> = {
  readonly [Name in keyof Types]: Types[Name] extends
    ParameterType | FinalStatusType | ArtifactListType
    ? string
    : ArtifactPlaceholders;
};

export type OutputPlaceholders<Types extends ValueTypes> = {
  readonly [Name in keyof Types]: Types[Name] extends ParameterType
    ? OutputParameterPlaceholders
    : Types[Name] extends ArtifactListType
      ? string
      : ArtifactPlaceholders;
};

/** What the function that builds a container is given. */
export interface Placeholders<Inputs extends InputTypes, Outputs extends ValueTypes> {
  readonly inputs: InputPlaceholders<Inputs>;
  readonly outputs: OutputPlaceholders<Outputs>;
  /** The whole executor input as JSON. */
  readonly executorInput: string;
  /** Joins texts into one argument. */
  readonly concat: (...parts: readonly CommandElement[]) => Concat;
  /** Arguments that are there only when an input was given, else others or none. */
  readonly ifPresent: (
    input: keyof Inputs & string,
    then: IfPresent['then'],
    otherwise?: IfPresent['otherwise'],
  ) => IfPresent;
}

/** A fixed container, or one built from the placeholders of the component's interface. */
export type ContainerDefinition<Inputs extends InputTypes, Outputs extends ValueTypes> =
  ContainerTemplate | ((placeholders: Placeholders<Inputs, Outputs>) => ContainerTemplate);

/** Renders a container as the IR's container spec. */
export function buildContainer<Inputs extends InputTypes, Outputs extends ValueTypes>(
  definition: ContainerDefinition<Inputs, Outputs>,
  types: { readonly inputs: Inputs; readonly outputs: Outputs },
): ContainerSpecJson {
  const template =
    typeof definition === 'function' ? definition(createPlaceholders(types)) : definition;
  const env = Object.entries(template.env ?? {});
  return {
    image: template.image,
    ...(template.command === undefined ? {} : { command: template.command.map(elementText) }),
    ...(template.args === undefined ? {} : { args: template.args.map(elementText) }),
    ...(env.length === 0 ? {} : { env: env.map(([name, value]) => ({ name, value })) }),
  };
}

function createPlaceholders<Inputs extends InputTypes, Outputs extends ValueTypes>(types: {
  readonly inputs: Inputs;
  readonly outputs: Outputs;
}): Placeholders<Inputs, Outputs> {
  const inputs = mapTypes(types.inputs, (name, kind) =>
    kind === 'artifact' || kind === 'artifact-list'
      ? artifactPlaceholders('inputs', name, kind)
      : `{{$.inputs.parameters['${name}']}}`,
  );
  const outputs = mapTypes(types.outputs, (name, kind) =>
    kind === 'artifact' || kind === 'artifact-list'
      ? artifactPlaceholders('outputs', name, kind)
      : { outputFile: `{{$.outputs.parameters['${name}'].output_file}}` },
  );
  return {
    inputs: inputs as InputPlaceholders<Inputs>,
    outputs: outputs as OutputPlaceholders<Outputs>,
    executorInput: '{{$}}',
    concat,
    ifPresent: ifPresentOf<keyof Inputs & string>(),
  };
}

function mapTypes(
  types: InputTypes,
  render: (name: string, kind: InputTypes[string]['kind']) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(types).map(([name, { kind }]) => [name, render(name, kind)]),
  );
}

function artifactPlaceholders(
  side: 'inputs' | 'outputs',
  name: string,
  kind: 'artifact' | 'artifact-list',
): ArtifactPlaceholders | string {
  const artifact = `$.${side}.artifacts['${name}']`;
  if (kind === 'artifact-list') return `{{${artifact}}}`;
  return {
    path: `{{${artifact}.path}}`,
    uri: `{{${artifact}.uri}}`,
    metadata: (key) => `{{${artifact}.metadata['${key}']}}`,
  };
}
