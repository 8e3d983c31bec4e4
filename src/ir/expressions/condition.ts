// Conditions: CEL over a task's executor input, ending in true or false.
//
// X1. Anything but a boolean is an error, so that no fault of an expression can open a gate.
// X2. An absent key is an error; only CEL's own && and || may absorb it.

import { isCelError, plan } from '@bufbuild/cel';
import { type Finding, irErrors, irFindings } from '../../errors/index.js';
import type { JsonObject } from '../../util/index.js';
import { toCel } from './cel-values.js';
import { CEL_ENVIRONMENT } from './environment.js';
import type { NameInExpression, ParsedExpression } from './find-names.js';
import { parseExpression } from './parse-expression.js';

/** pipeline_spec.proto: a condition sees the fields of ExecutorInput. */
const VARIABLES = ['inputs', 'outputs'];

/** A condition after parsing: why it is refused, or the parameters it reads. */
export interface ParsedCondition {
  readonly finding?: Finding;
  readonly parameters: readonly NameInExpression[];
}

/** Parses a condition; one without variables is evaluated as well (`1/0` is refused here). */
export function parseCondition(expression: string): ParsedCondition {
  const result = parseExpression(expression, VARIABLES);
  if ('refusal' in result) {
    const { reason, column } = result.refusal;
    return { finding: irFindings.badCondition(expression, reason, column), parameters: [] };
  }
  const { parsed, names } = result;
  const outcome = names.variables.length === 0 ? evaluate(parsed, {}, {}) : true;
  if (typeof outcome === 'boolean') return { parameters: names.parameters };
  return { finding: irFindings.badCondition(expression, outcome.reason), parameters: [] };
}

/**
 * Evaluates the condition of a task.
 *
 * @param parameterValues  the task's resolved parameters; absent ones are left out
 * @param artifacts        ExecutorInput.inputs.artifacts, for conditions on metadata
 * @throws E_CONDITION when it cannot be parsed, fails, or gives no boolean (X1)
 */
export function evaluateCondition(
  expression: string,
  parameterValues: JsonObject,
  artifacts: JsonObject = {},
): boolean {
  const result = parseExpression(expression, VARIABLES);
  if ('refusal' in result) throw irErrors.conditionFailed(expression, result.refusal.reason, {});
  const outcome = evaluate(result.parsed, parameterValues, artifacts);
  if (typeof outcome === 'boolean') return outcome;
  const read = result.names.parameters
    .filter(({ name }) => Object.hasOwn(parameterValues, name))
    .map(({ name }) => [name, parameterValues[name]!] as const);
  throw irErrors.conditionFailed(expression, outcome.reason, Object.fromEntries(read));
}

function evaluate(
  parsed: ParsedExpression,
  parameterValues: JsonObject,
  artifacts: JsonObject,
): boolean | { reason: string } {
  try {
    const variables = {
      inputs: toCel({ parameter_values: parameterValues, artifacts }),
      outputs: toCel({}),
    };
    const value = plan(CEL_ENVIRONMENT, parsed)(variables);
    if (isCelError(value)) return { reason: value.message };
    return typeof value === 'boolean' ? value : { reason: 'it gives no boolean' };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
