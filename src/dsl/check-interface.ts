// Checks of a component's or pipeline's declared inputs and outputs.

import { dslErrors } from '../errors/index.js';
import { literalProblem } from './literal.js';
import { checkName } from './names.js';
import type { InputTypes, ValueTypes } from './value-type.js';

/** Refuses names and defaults that KFP could not carry (E_NAME, E_TYPE). */
export function checkInterface(
  thing: 'component' | 'pipeline',
  definition: {
    readonly name: string;
    readonly inputs: InputTypes;
    readonly outputs?: ValueTypes;
  },
): void {
  checkName(thing, definition.name);
  for (const name of Object.keys(definition.inputs)) checkName('input', name);
  for (const name of Object.keys(definition.outputs ?? {})) checkName('output', name);
  checkDefaults(definition.name, definition.inputs);
  for (const [name, { kind }] of Object.entries(definition.inputs)) {
    if (thing === 'pipeline' && kind === 'final-status')
      throw dslErrors.finalStatusOfPipeline(name);
  }
}

function checkDefaults(owner: string, inputs: InputTypes): void {
  for (const [name, type] of Object.entries(inputs)) {
    if (type.kind !== 'parameter' || type.default === undefined) continue;
    const problem = literalProblem(type.parameterKind, type.default);
    if (problem !== undefined)
      throw dslErrors.wrongDefault({ component: owner, input: name }, problem);
  }
}
