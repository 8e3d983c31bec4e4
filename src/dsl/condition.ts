// Conditions as values: comparisons of parameters, joined by and, or, not.
//
// C1. JavaScript's own && and || cannot see a condition's parts; a comparison that ends up unused
//     is an error, since it would otherwise be dropped in silence (the stock SDK does that).

import { dslErrors } from '../errors/index.js';
import { describeValue, literalProblem } from './literal.js';
import type {
  ComparableKind,
  Comparison,
  Condition,
  Operand,
  ParameterReference,
  Reference,
} from './graph.js';
import { SOURCE } from './graph.js';
import { checkReachable } from './reachable.js';
import { expectUse, noteUse } from './recording.js';
import { describeSource, describeType, isReference } from './reference.js';

type Operator = Comparison['operator'];
type OrderedKind = Exclude<ComparableKind, 'boolean'>;

/** What `when`, `and`, `or` and `not` take: a condition, or a boolean parameter as it is. */
export type ConditionLike = Condition | ParameterReference<'boolean'>;

/** What a parameter of a kind can be compared with; whole and other numbers mix. */
export type ComparableWith<Kind extends ComparableKind> = Kind extends 'string'
  ? string | ParameterReference<'string'>
  : Kind extends 'boolean'
    ? boolean | ParameterReference<'boolean'>
    : number | ParameterReference<'integer' | 'double'>;

type Compare<Allowed extends ComparableKind> = <Kind extends Allowed>(
  left: ParameterReference<Kind>,
  right: ComparableWith<NoInfer<Kind>>,
) => Condition;

/** left == right */
export const eq: Compare<ComparableKind> = (left, right) => compare('==', left, right);
/** left != right */
export const ne: Compare<ComparableKind> = (left, right) => compare('!=', left, right);
/** left < right; text is ordered by code point */
export const lt: Compare<OrderedKind> = (left, right) => compare('<', left, right);
/** left <= right */
export const le: Compare<OrderedKind> = (left, right) => compare('<=', left, right);
/** left > right */
export const gt: Compare<OrderedKind> = (left, right) => compare('>', left, right);
/** left >= right */
export const ge: Compare<OrderedKind> = (left, right) => compare('>=', left, right);

/** True when all are. */
export function and(...operands: readonly ConditionLike[]): Condition {
  return join('and', operands);
}

/** True when at least one is. */
export function or(...operands: readonly ConditionLike[]): Condition {
  return join('or', operands);
}

/** True when the operand is not. */
export function not(operand: ConditionLike): Condition {
  return track({ kind: 'not', operand: useCondition(operand) });
}

/** Takes a condition over from whoever made it (C1); a boolean parameter becomes `== true`. */
export function useCondition(condition: unknown): Condition {
  if (isReference(condition)) {
    const comparison = compare('==', condition, true);
    return useCondition(comparison);
  }
  if (!isCondition(condition)) throw dslErrors.notACondition(describeValue(condition));
  noteUse(condition);
  return condition;
}

/** The parameters that a condition reads, in order, with repetitions. */
export function parametersOf(condition: Condition): readonly ParameterReference[] {
  switch (condition.kind) {
    case 'comparison':
      return [condition.left, condition.right].filter((side) => isReference(side));
    case 'not':
      return parametersOf(condition.operand);
    case 'and':
    case 'or':
      return condition.operands.flatMap(parametersOf);
  }
}

function join(kind: 'and' | 'or', operands: readonly ConditionLike[]): Condition {
  if (operands.length === 0) throw dslErrors.emptyConjunction(kind);
  return track({ kind, operands: operands.map(useCondition) });
}

function compare(operator: Operator, left: unknown, right: unknown): Condition {
  const sides = { left: checkParameter(operator, left), right: checkOperand(operator, right) };
  const kind = valueSpace(sides.left.parameterKind);
  if (!isReference(sides.right)) {
    const problem = literalProblem(kind, sides.right);
    if (problem !== undefined) throw dslErrors.wrongComparison(operator, problem);
  } else if (valueSpace(sides.right.parameterKind) !== kind) {
    const found = `${sides.left.parameterKind} and ${sides.right.parameterKind}`;
    throw dslErrors.wrongComparison(operator, { found, expected: 'parameters of one type' });
  }
  return track({ kind: 'comparison', operator, ...sides });
}

// Whole and other numbers can be compared with each other.
function valueSpace(kind: ComparableKind): ComparableKind {
  return kind === 'integer' ? 'double' : kind;
}

function checkOperand(operator: Operator, operand: unknown): Operand {
  return isReference(operand) ? checkParameter(operator, operand) : (operand as Operand);
}

function checkParameter(operator: Operator, operand: unknown): ParameterReference<ComparableKind> {
  const isOrdered = operator !== '==' && operator !== '!=';
  const expected = isOrdered
    ? 'a parameter: number or text'
    : 'a parameter: number, text or boolean';
  if (!isReference(operand)) {
    const found = `${describeValue(operand)} on its left`;
    throw dslErrors.wrongComparison(operator, { found, expected });
  }
  checkReachable(operand, 'a condition');
  if (isComparable(operand, isOrdered)) return operand;
  const found = `${describeSource(operand[SOURCE])}, which is a ${describeType(operand)}`;
  throw dslErrors.wrongComparison(operator, { found, expected });
}

function isComparable(
  reference: Reference,
  isOrdered: boolean,
): reference is ParameterReference<ComparableKind> {
  if (reference.kind !== 'parameter') return false;
  const { parameterKind } = reference;
  if (parameterKind === 'boolean') return !isOrdered;
  return parameterKind !== 'list' && parameterKind !== 'struct';
}

function track(condition: Condition): Condition {
  const frozen = Object.freeze(condition);
  expectUse(frozen);
  return frozen;
}

function isCondition(value: unknown): value is Condition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    ['comparison', 'and', 'or', 'not'].includes(String(value.kind))
  );
}
