import type { ParameterType } from './parameter-type.js';

/** What to give for each type, in the words of an error message. */
export const PARAMETER_WORDS: Readonly<Record<ParameterType, string>> = {
  STRING: 'text',
  NUMBER_INTEGER: 'int, a whole number within ±(2^53 - 1)',
  NUMBER_DOUBLE: 'a finite number',
  BOOLEAN: 'true or false',
  LIST: 'a JSON list',
  STRUCT: 'a JSON object',
  TASK_FINAL_STATUS: 'nothing: a run fills it in',
  TASK_CONFIG: 'nothing: a run fills it in',
};
