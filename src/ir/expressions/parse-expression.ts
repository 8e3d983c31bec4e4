// Expressions to syntax trees, with everything that can be refused before a value is known.

import { parse } from '@bufbuild/cel';
import { findNames, type NamesInExpression, type ParsedExpression } from './find-names.js';
import { CEL_ENVIRONMENT } from './environment.js';

// 20,000 characters: the parser then needs some 50 ms; KFP's compiler writes a few hundred.
const MAX_LENGTH = 20_000;

/** Why an expression is refused. */
export interface Refusal {
  readonly reason: string;
  /** 1-based, within the expression. */
  readonly column?: number;
}

/**
 * Parses a CEL expression and checks the words in it.
 *
 * @param variables  names that the expression may use
 */
export function parseExpression(
  expression: string,
  variables: readonly string[],
): { parsed: ParsedExpression; names: NamesInExpression } | { refusal: Refusal } {
  if (expression.length > MAX_LENGTH) {
    return {
      refusal: { reason: `it has ${expression.length} characters; at most ${MAX_LENGTH} are read` },
    };
  }
  try {
    const parsed = parse(expression);
    const names = findNames(parsed);
    const refusal = refuseNames(names, variables);
    return refusal === undefined ? { parsed, names } : { refusal };
  } catch (error) {
    return { refusal: syntaxRefusal(error) };
  }
}

function refuseNames(
  { variables, functions }: NamesInExpression,
  known: readonly string[],
): Refusal | undefined {
  const variable = variables.find(({ name }) => !known.includes(name));
  if (variable !== undefined) {
    const { name, column } = variable;
    return { column, reason: `"${name}" is not known; ${known.join(', ')} can be used` };
  }
  const unknown = functions.find(({ name }) => CEL_ENVIRONMENT.funcs.find(name) === undefined);
  return unknown && { column: unknown.column, reason: `there is no function "${unknown.name}"` };
}

/** Syntax errors carry their place; a stack overflow of the parser is a refusal like any other. */
function syntaxRefusal(error: unknown): Refusal {
  if (error instanceof RangeError) return { reason: 'it nests too deeply' };
  const { message, location } = error as Error & { location?: { start: { offset: number } } };
  const found = /found (.+?) but expecting/s.exec(message)?.[1];
  const reason = found === undefined ? message.slice(0, 120) : `${found} is not expected here`;
  return { reason, column: location && location.start.offset + 1 };
}
