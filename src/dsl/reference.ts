// Making and reading references to values that exist only when the pipeline runs.
//
// R1. A reference never turns into text or a number by itself: that would bake in a wrong constant.

import { dslErrors } from '../errors/index.js';
import type { ArtifactListType, ArtifactType } from './artifact-type.js';
import type {
  ArtifactListReference,
  ArtifactReference,
  Group,
  ParameterReference,
  Reference,
  Source,
} from './graph.js';
import { SOURCE } from './graph.js';
import type { ParameterType } from './parameter-type.js';
import type { ValueType } from './value-type.js';

/** What a task's output, or a pipeline's input, of a declared type is referred to by. */
export type ReferenceOf<Type> =
  Type extends ParameterType<infer Kind>
    ? ParameterReference<Kind>
    : Type extends ArtifactType<infer Title>
      ? ArtifactReference<Title>
      : Type extends ArtifactListType<infer Title>
        ? ArtifactListReference<Title>
        : never;

export type ReferencesOf<Types> = { readonly [Name in keyof Types]: ReferenceOf<Types[Name]> };

/** Makes the reference to a value of a declared type. */
export function createReference<Type extends ValueType>(
  type: Type,
  source: Source,
): ReferenceOf<Type> {
  const shape =
    type.kind === 'parameter'
      ? { kind: type.kind, parameterKind: type.parameterKind }
      : { kind: type.kind, schemaTitle: type.schemaTitle, schemaVersion: type.schemaVersion };
  const reference = {
    ...shape,
    [SOURCE]: source,
    [Symbol.toPrimitive](): never {
      throw dslErrors.referenceUsedAsValue(describeSource(source));
    },
  };
  return Object.freeze(reference) as unknown as ReferenceOf<Type>;
}

/** Tells a reference from any other value an untyped caller may pass. */
export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && SOURCE in value;
}

/** The declaration that matches a reference. */
export function typeOf(reference: Reference): ValueType {
  if (reference.kind === 'parameter') {
    return { kind: 'parameter', parameterKind: reference.parameterKind, isRequired: true };
  }
  const { kind, schemaTitle, schemaVersion } = reference;
  return { kind, schemaTitle, schemaVersion, isRequired: true };
}

/** The group in whose DAG the value can be named without passing it in. */
export function homeOf(reference: Reference): Group {
  const source = reference[SOURCE];
  if (source.from !== 'output') return source.group;
  const { parent } = source.node;
  if (parent === undefined) throw new TypeError('a pipeline has no outputs within itself');
  return parent;
}

/** Names a value for an error: `output "model" of task "train"`. */
export function describeSource(source: Source): string {
  switch (source.from) {
    case 'input':
      return `input "${source.name}" of the pipeline`;
    case 'output':
      return `output "${source.name}" of task "${source.node.name}"`;
    case 'item':
      return source.field === undefined
        ? 'the item of a loop'
        : `field "${source.field}" of an item`;
  }
}

/** Names a type for an error: `system.Model`, `list of system.Model`, `integer parameter`. */
export function describeType(type: ValueType | Reference): string {
  if (type.kind === 'parameter') return `${type.parameterKind} parameter`;
  return type.kind === 'artifact' ? type.schemaTitle : `list of ${type.schemaTitle}`;
}
