// Whether a value may be passed for an input: the run-time twin of ArgumentOf.

import { dslErrors } from '../errors/index.js';
import type { JsonValue } from '../util/index.js';
import { describeValue, literalProblem } from './literal.js';
import type { Argument, Reference } from './graph.js';
import { SOURCE } from './graph.js';
import { checkReachable } from './reachable.js';
import { describeSource, describeType, isReference } from './reference.js';
import { isTextTemplate } from './text.js';
import type { ValueType } from './value-type.js';

export interface GivenArgument {
  readonly component: string;
  readonly input: string;
  readonly type: ValueType;
  readonly value: unknown;
}

/**
 * Checks one argument.
 *
 * @throws E_KIND artifact and parameter confused; E_TYPE wrong parameter type or constant;
 *   E_ARTIFACT_TYPE wrong artifact type
 */
export function checkArgument(given: GivenArgument): Argument {
  const { type, value } = given;
  if (isReference(value)) {
    checkReference(given, value);
    checkReachable(value, `component "${given.component}"`);
    return { kind: 'reference', reference: value };
  }
  if (type.kind !== 'parameter') {
    const mismatch = { expected: describeType(type), found: describeValue(value) };
    throw dslErrors.constantForArtifact(given, mismatch);
  }
  if (isTextTemplate(value) && type.parameterKind === 'string') {
    for (const part of value.parts) if (isReference(part)) checkReachable(part, 'text`…`');
    return value;
  }
  if (value === null && !type.isRequired) return { kind: 'constant', value };
  const problem = literalProblem(type.parameterKind, value);
  if (problem !== undefined) throw dslErrors.wrongConstant(given, problem);
  return { kind: 'constant', value: value as JsonValue };
}

function checkReference(given: GivenArgument, reference: Reference): void {
  const wiring = {
    component: given.component,
    input: given.input,
    expected: describeType(given.type),
    found: describeType(reference),
    source: describeSource(reference[SOURCE]),
  };
  const isParameter = given.type.kind === 'parameter';
  if (isParameter !== (reference.kind === 'parameter')) throw dslErrors.wrongKind(wiring);
  if (acceptsType(given.type, reference)) return;
  throw isParameter ? dslErrors.wrongParameterType(wiring) : dslErrors.wrongArtifactType(wiring);
}

/**
 * KFP's rule for a wire (kfp.dsl.types.type_utils): parameters of equal type; artifacts of equal
 * title, or either of them `system.Artifact`; a list only to a list.
 */
export function acceptsType(
  expected: ValueType | Reference,
  found: ValueType | Reference,
): boolean {
  if (expected.kind === 'parameter') {
    return found.kind === 'parameter' && found.parameterKind === expected.parameterKind;
  }
  if (found.kind !== expected.kind) return false;
  const titles = [expected.schemaTitle, found.schemaTitle];
  return titles[0] === titles[1] || titles.includes('system.Artifact');
}
