// Parameter types: small values that travel inside the pipeline rather than as files.

import type { JsonObject, JsonValue } from '../util/index.js';

/** The parameter types of KFP, by the names used here. */
export type ParameterKind = 'string' | 'integer' | 'double' | 'boolean' | 'list' | 'struct';

/** The TypeScript values that a parameter of a kind can be given. */
export interface ParameterLiterals {
  readonly string: string;
  readonly integer: number;
  readonly double: number;
  readonly boolean: boolean;
  readonly list: readonly JsonValue[];
  readonly struct: JsonObject;
}

export type LiteralOf<Kind extends ParameterKind> = ParameterLiterals[Kind];

/** The declaration of a parameter, as an input or output. */
export interface ParameterType<
  Kind extends ParameterKind = ParameterKind,
  Required extends boolean = boolean,
> {
  readonly kind: 'parameter';
  readonly parameterKind: Kind;
  readonly isRequired: Required;
  readonly default?: LiteralOf<Kind>;
  readonly description?: string;
}

export interface ParameterOptions<Kind extends ParameterKind> {
  /** Value used when the caller gives none; makes the input optional. */
  readonly default?: LiteralOf<Kind>;
  /** Optional without a default: the component sees that it is absent. */
  readonly optional?: boolean;
  readonly description?: string;
}

type IsRequired<Options> = Options extends { default: unknown } | { optional: true } ? false : true;

type Declare<Kind extends ParameterKind> = <
  const Options extends ParameterOptions<Kind> = Record<never, never>,
>(
  options?: Options,
) => ParameterType<Kind, IsRequired<Options>>;

/** Text. */
export const string: Declare<'string'> = (options) => declare('string', options);
/** A whole number, safe in a double: at most 2^53 - 1 in magnitude. */
export const integer: Declare<'integer'> = (options) => declare('integer', options);
/** A finite floating-point number. */
export const double: Declare<'double'> = (options) => declare('double', options);
export const boolean: Declare<'boolean'> = (options) => declare('boolean', options);
/** A JSON array. */
export const list: Declare<'list'> = (options) => declare('list', options);
/** A JSON object. */
export const struct: Declare<'struct'> = (options) => declare('struct', options);

function declare<Kind extends ParameterKind, Required extends boolean>(
  parameterKind: Kind,
  options: ParameterOptions<Kind> = {},
): ParameterType<Kind, Required> {
  return {
    kind: 'parameter',
    parameterKind,
    isRequired: (options.default === undefined && options.optional !== true) as Required,
    ...(options.default === undefined ? {} : { default: options.default }),
    ...(options.description === undefined ? {} : { description: options.description }),
  };
}
