// What a pipeline of the DSL tells the compiler about its runs: their parameters and outputs.

import type { LiteralOf, ParameterReference, ParameterType, PIPELINE_TYPES } from '../dsl/index.js';
import type { Pipeline } from '../ir/index.js';
import type { JsonObject, JsonValue } from '../util/index.js';

/** A pipeline as `pipeline()` of anneal/dsl makes it. */
export interface TypedPipeline {
  readonly definition: { readonly name: string };
  readonly compile: () => Pipeline;
  readonly [PIPELINE_TYPES]?: { readonly inputs: object; readonly outputs: object };
}

/** What a run can be started from: a pipeline, or a name (`name`, `name@3`, `name@sha256:…`). */
export type PipelineLike = TypedPipeline | string;

type InputsOf<P> = P extends { readonly [PIPELINE_TYPES]?: { readonly inputs: infer Inputs } }
  ? Inputs
  : never;

type ReturnedBy<P> = P extends { readonly [PIPELINE_TYPES]?: { readonly outputs: infer Outputs } }
  ? Outputs
  : never;

type RequiredNames<Inputs> = {
  [Name in keyof Inputs]: Inputs[Name] extends { readonly isRequired: true } ? Name : never;
}[keyof Inputs];

type ValueOf<Type> = Type extends ParameterType<infer Kind> ? LiteralOf<Kind> : never;

type RunParameters<Inputs> = {
  readonly [Name in RequiredNames<Inputs>]: ValueOf<Inputs[Name]>;
} & {
  readonly [Name in Exclude<keyof Inputs, RequiredNames<Inputs>>]?: ValueOf<Inputs[Name]> | null;
};

type Simplify<Type> = { [Name in keyof Type]: Type[Name] };

/** The parameters of a pipeline's runs; for a name: any JSON object. */
export type ParametersOf<P> = P extends string ? JsonObject : Simplify<RunParameters<InputsOf<P>>>;

type OutputValues<Outputs> = {
  // An output whose task was skipped has no value.
  readonly [
    Name in keyof Outputs as Outputs[Name] extends ParameterReference ? Name : never
  ]?: Outputs[Name] extends ParameterReference<infer Kind> ? LiteralOf<Kind> : never;
};

/** The output parameters of a pipeline's runs; for a name: any JSON values. */
export type OutputsOf<P> = P extends string
  ? Readonly<Record<string, JsonValue>>
  : Simplify<OutputValues<ReturnedBy<P>>>;

/** The parameters can be left out when none is required. */
export type StartArguments<P, Options> =
  Record<never, never> extends ParametersOf<P>
    ? [parameters?: ParametersOf<P>, options?: Options]
    : [parameters: ParametersOf<P>, options?: Options];
