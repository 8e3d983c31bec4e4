// What a component may be called with, as TypeScript types; check-argument.ts is the run-time twin.

import type { ArtifactListType, ArtifactType } from './artifact-type.js';
import type {
  ArtifactListReference,
  ArtifactReference,
  ParameterReference,
  TextTemplate,
} from './graph.js';
import type { LiteralOf, ParameterKind, ParameterType } from './parameter-type.js';

/** What may be passed for an input of a declared type. */
export type ArgumentOf<Type> =
  Type extends ParameterType<infer Kind>
    ? ParameterArgument<Kind>
    : Type extends ArtifactType<infer Title>
      ? ArtifactReference<AcceptedTitle<Title>>
      : Type extends ArtifactListType<infer Title>
        ? ArtifactListReference<AcceptedTitle<Title>>
        : never;

type ParameterArgument<Kind extends ParameterKind> =
  LiteralOf<Kind> | ParameterReference<Kind> | (Kind extends 'string' ? TextTemplate : never);

// KFP's rule (type_utils.check_artifact_type_compatibility): equal titles, or either is Artifact.
type AcceptedTitle<Title extends string> = Title extends 'system.Artifact'
  ? string
  : Title | 'system.Artifact';

// An optional parameter that is given null has that value, also when there is a default.
type NullOf<Type> = Type extends ParameterType ? null : never;

type RequiredNames<Types> = {
  [Name in keyof Types]: Types[Name] extends { readonly isRequired: true } ? Name : never;
}[keyof Types];

type Simplify<Type> = { [Name in keyof Type]: Type[Name] };

/** The object of arguments that a component with these inputs is called with. */
export type ArgumentsOf<Types> = Simplify<
  { readonly [Name in RequiredNames<Types>]: ArgumentOf<Types[Name]> } & {
    readonly [Name in Exclude<keyof Types, RequiredNames<Types>>]?:
      ArgumentOf<Types[Name]> | NullOf<Types[Name]> | undefined;
  }
>;
