// What an input or output can be declared as.

import type { ArtifactListType, ArtifactType } from './artifact-type.js';
import type { FinalStatusType } from './final-status.js';
import type { ParameterType } from './parameter-type.js';

/** The declaration of one input or output. */
export type ValueType = ParameterType | ArtifactType | ArtifactListType;

/** Declarations by name. */
export type ValueTypes = Readonly<Record<string, ValueType>>;

/** The declaration of one input of a component. */
export type InputType = ValueType | FinalStatusType;

export type InputTypes = Readonly<Record<string, InputType>>;

/** Makes an artifact input optional: `optional(Dataset)`. */
export function optional<Title extends string>(
  type: ArtifactType<Title>,
): ArtifactType<Title, false>;
export function optional<Title extends string>(
  type: ArtifactListType<Title>,
): ArtifactListType<Title, false>;
export function optional(
  type: ArtifactType | ArtifactListType,
): ArtifactType<string, false> | ArtifactListType<string, false> {
  return { ...type, isRequired: false };
}

/** Adds one sentence on what an input or output holds: `described(Dataset, 'One row a customer.')`. */
export function described<Type extends InputType>(type: Type, description: string): Type {
  return { ...type, description };
}
