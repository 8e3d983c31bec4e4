// What can be wrong with a pipeline written in Python.

import { AnnealError } from './anneal-error.js';

/** Made when a Python file cannot be loaded, or the KFP SDK refuses its pipeline. */
export function pythonNotCompiled(where: string, reason: string): AnnealError {
  const isMissing = reason.startsWith('ModuleNotFoundError');
  return new AnnealError(`The Python pipeline does not compile: ${reason}`, {
    code: 'E_SPEC',
    where,
    hint: isMissing
      ? 'Set ANNEAL_DEV_PYTHON to a Python that has it, and the full kfp package.'
      : 'Python ran the file up to the line named.',
    details: { reason },
  });
}

/** Made when the program that compiles Python pipelines ended without a result. */
export function pythonCompilerFailed(python: string, tail: string): AnnealError {
  return new AnnealError(`${python} could not compile the pipeline.`, {
    code: 'E_ENVIRONMENT',
    where: python,
    hint: 'Check ANNEAL_DEV_PYTHON, or unset it: Anneal then builds an environment itself.',
    details: { tail },
  });
}
