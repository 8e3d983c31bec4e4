// Tasks as the pipeline's author sees them: a name, and outputs by name.

import { dslErrors } from '../errors/index.js';
import { closestMatch } from '../util/index.js';
import type { Node, Task, TaskNode } from './graph.js';
import { NODE } from './graph.js';
import type { ReferencesOf } from './reference.js';
import { createReference } from './reference.js';
import type { ValueTypes } from './value-type.js';

/** Makes the author's view of a node. */
export function createTask<Types extends ValueTypes>(
  node: TaskNode,
  types: Types,
): Task<ReferencesOf<Types>> {
  return { name: node.name, outputs: createOutputs(node, types), [NODE]: node };
}

/** References to the outputs of a node; reading an unknown one throws E_UNKNOWN_OUTPUT. */
export function createOutputs<Types extends ValueTypes>(
  node: Node,
  types: Types,
): ReferencesOf<Types> {
  const outputs = new Map(
    Object.entries(types).map(([name, type]) => [
      name,
      createReference(type, { from: 'output', node, name }),
    ]),
  );
  return new Proxy(Object.freeze(Object.fromEntries(outputs)), {
    get(target, name, receiver): unknown {
      if (typeof name !== 'string' || outputs.has(name)) return Reflect.get(target, name, receiver);
      // Asked for by await and JSON.stringify of anything.
      if (name === 'then' || name === 'toJSON') return undefined;
      const declared = [...outputs.keys()];
      const nearest = closestMatch(name, declared);
      throw dslErrors.unknownOutput(node.name, name, { declared, nearest });
    },
  }) as unknown as ReferencesOf<Types>;
}
