// Conditions as CEL text, in the form that KFP's SDK emits.
//
// L1. Constants enter the text only through `quoteText` and `numberText`: nothing a caller passes can
//     end a literal or add an operator (the stock SDK pastes text unescaped).

import { dslErrors } from '../../errors/index.js';
import type { Comparison, Condition, Operand, ParameterReference } from '../graph.js';
import { isReference } from '../reference.js';

/**
 * Renders a condition.
 *
 * @param inputNameOf  name under which the DAG's component receives a parameter
 */
export function renderCondition(
  condition: Condition,
  inputNameOf: (reference: ParameterReference) => string,
): string {
  const render = (inner: Condition): string => renderCondition(inner, inputNameOf);
  switch (condition.kind) {
    case 'comparison':
      return renderComparison(condition, inputNameOf);
    case 'not':
      return `!(${render(condition.operand)})`;
    case 'and':
      return condition.operands
        .map((operand) => (operand.kind === 'or' ? `(${render(operand)})` : render(operand)))
        .join(' && ');
    case 'or':
      return condition.operands
        .map((operand) => (operand.kind === 'and' ? `(${render(operand)})` : render(operand)))
        .join(' || ');
  }
}

/** A CEL string literal (cel-spec, doc/langdef.md, "String and Bytes Values"). */
export function quoteText(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw dslErrors.unquotableText();
  const escaped = value.replace(/[\\'\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) =>
    character === '\\' || character === "'"
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}

/** A CEL number literal: doubles always show a point or an exponent. */
export function numberText(value: number, kind: 'integer' | 'double'): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return kind === 'integer' || /[.e]/.test(text) ? text : `${text}.0`;
}

function renderComparison(
  { operator, left, right }: Comparison,
  inputNameOf: (reference: ParameterReference) => string,
): string {
  const kinds = [kindOf(left), kindOf(right)];
  const isMixed = kinds.includes('integer') && kinds.includes('double');
  const render = (operand: Operand): string => {
    if (!isReference(operand)) return renderConstant(operand, isMixed ? 'double' : kindOf(operand));
    const value = `inputs.parameter_values['${inputNameOf(operand)}']`;
    // Numbers travel as doubles: KFP's compiler makes integers of them again.
    if (operand.parameterKind !== 'integer') return value;
    return isMixed ? `double(int(${value}))` : `int(${value})`;
  };
  return `${render(left)} ${operator} ${render(right)}`;
}

type OperandKind = ParameterReference['parameterKind'];

function kindOf(operand: Operand): OperandKind {
  if (isReference(operand)) return operand.parameterKind;
  if (typeof operand === 'number') return Number.isSafeInteger(operand) ? 'integer' : 'double';
  return typeof operand === 'string' ? 'string' : 'boolean';
}

function renderConstant(operand: string | number | boolean, kind: OperandKind): string {
  if (typeof operand === 'string') return quoteText(operand);
  if (typeof operand === 'boolean') return String(operand);
  return numberText(operand, kind === 'double' ? 'double' : 'integer');
}
