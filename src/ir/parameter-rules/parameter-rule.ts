import type { JsonValue } from '../../util/index.js';

/** The values that one input of a component takes; written by the component's author as JSON. */
export interface ParameterRule {
  readonly type: 'number' | 'integer' | 'string';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** The number is a share: 85 is answered with "did you mean 0.85?". */
  readonly percentage?: boolean;
  /** ECMAScript pattern of the whole text. */
  readonly pattern?: string;
  /** UTF-16 code units. */
  readonly maxLength?: number;
  /** Error code; default E_PARAM. */
  readonly code?: 'E_PARAM' | 'E_ENDPOINT_NAME' | 'E_INSTANCE_TYPE';
  readonly hint: string;
}

/** What is wrong with a value by a rule, as the end of a sentence; undefined when nothing is. */
export function ruleFault(rule: ParameterRule, value: JsonValue): string | undefined {
  return rule.type === 'string' ? textFault(rule, value) : numberFault(rule, value);
}

/** The rule's hint, with a guess at what was meant. */
export function ruleHint(rule: ParameterRule, value: JsonValue): string {
  const isPercentage = rule.percentage === true && typeof value === 'number';
  if (!isPercentage || value <= 1 || value > 100) return rule.hint;
  return `Did you mean ${value / 100}? ${rule.hint}`;
}

function textFault({ pattern, maxLength }: ParameterRule, value: JsonValue): string | undefined {
  if (typeof value !== 'string') return 'is not text';
  if (maxLength !== undefined && value.length > maxLength) {
    return `is longer than ${maxLength} characters`;
  }
  // The length is checked first: a pattern is never run over long text.
  return pattern === undefined || new RegExp(pattern, 'u').test(value)
    ? undefined
    : 'is not allowed';
}

function numberFault(rule: ParameterRule, value: JsonValue): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'is not a number';
  if (rule.type === 'integer' && !Number.isInteger(value)) return 'is not a whole number';
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = rule;
  if (minimum !== undefined && value < minimum) return `is less than ${minimum}`;
  if (maximum !== undefined && value > maximum) return `is more than ${maximum}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return `is not more than ${exclusiveMinimum}`;
  }
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    return `is not less than ${exclusiveMaximum}`;
  }
  return undefined;
}
