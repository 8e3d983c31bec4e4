// Tasks as the pipeline's author sees them: a name, and outputs by name.

import { dslErrors } from '../errors/index.js';
import type { Node, Task, TaskNode } from './graph.js';
import { NODE } from './graph.js';
import { namedReferences } from './named-references.js';
import type { ReferencesOf } from './reference.js';
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
  return namedReferences(types, {
    sourceOf: (name) => ({ from: 'output', node, name }),
    unknown: (name, names) => dslErrors.unknownOutput(node.name, name, names),
  });
}

/** Whether a value is what calling a component returns. */
export function isTask(value: unknown): value is Task<unknown> {
  return typeof value === 'object' && value !== null && NODE in value;
}
