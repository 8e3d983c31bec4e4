// What a placed task reads.

import type { Argument, Reference, TaskNode } from './graph.js';
import { isReference } from './reference.js';
import { resourceAmounts } from './resources.js';

/** Every reference in a task's arguments and options, in order, with repetitions. */
export function referencesOf({ arguments: given, options }: TaskNode): readonly Reference[] {
  const amounts = Object.values(resourceAmounts(options.resources ?? {}));
  return [
    ...[...given.values()].flatMap(argumentReferences),
    ...amounts.filter((amount) => isReference(amount)),
  ];
}

/** The references within one argument. */
export function argumentReferences(argument: Argument): readonly Reference[] {
  switch (argument.kind) {
    case 'constant':
      return [];
    case 'reference':
      return [argument.reference];
    case 'text':
      return argument.parts.filter((part) => typeof part !== 'string');
  }
}
