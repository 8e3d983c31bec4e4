// What can be wrong with the parameters a run is started with.

import { AnnealError } from './anneal-error.js';

/** One parameter that is refused. */
export interface ParameterFault {
  readonly name: string;
  readonly message: string;
  readonly hint: string;
}

/** Makes one error of all refused parameters: the first is its message, all are in `details.errors`. */
export function parametersRefused(faults: readonly ParameterFault[]): AnnealError {
  const { name, message, hint } = faults[0]!;
  return new AnnealError(message, {
    code: 'E_PARAM',
    where: name,
    hint,
    // 20: what a reader can act on at once.
    details: { total: faults.length, errors: faults.slice(0, 20) },
  });
}

export const unknownParameter = (
  name: string,
  nearest: string | undefined,
  known: readonly string[],
): ParameterFault => ({
  name,
  message: `The pipeline has no parameter "${name.slice(0, 130)}".`,
  hint:
    nearest !== undefined
      ? `Did you mean "${nearest}"?`
      : known.length === 0
        ? 'It takes none.'
        : `Its parameters: ${known.slice(0, 20).join(', ')}.`,
});

export const missingParameter = (name: string, type: string): ParameterFault => ({
  name,
  message: `The parameter "${name}" (${type}) has no value.`,
  hint: `Give it: --param ${name}=…`,
});

/** @param found  the value as the user wrote it, shortened here */
export const wrongParameter = (name: string, found: string, expected: string): ParameterFault => ({
  name,
  message: `The parameter "${name}" is ${found.length > 80 ? `${found.slice(0, 80)}…` : found}; expected ${expected}.`,
  hint: `Give "${name}" a value of that type.`,
});

export const artifactNeeded = (name: string): ParameterFault => ({
  name,
  message: `The pipeline needs the artifact "${name}", and a run is started with parameters only.`,
  hint: 'Use it as a component of a pipeline that makes or imports the artifact.',
});
