// How the tasks of one DAG name the values they read.
//
// D1. A value of this DAG is named by its producer; any other is passed in as an input of the DAG,
//     through every DAG between, since KFP forbids references across DAGs.
// D2. One value has one input name, and no two values share one.

import type { Group, Reference } from '../graph.js';
import { SOURCE } from '../graph.js';
import { firstFree } from '../recording.js';
import { homeOf } from '../reference.js';

/** How a value is named within a DAG. */
export type Binding =
  | { readonly from: 'task'; readonly producer: string; readonly output: string }
  | { readonly from: 'input'; readonly name: string; readonly field?: string };

/** A DAG while its tasks are compiled. */
export interface DagScope {
  readonly group: Group;
  /** Values passed in from the parent, by identity, with their input names. */
  readonly passed: Map<Reference, string>;
}

export function createDagScope(group: Group): DagScope {
  return { group, passed: new Map() };
}

/** Names a value within a DAG, passing it in when it comes from outside (D1). */
export function bind(scope: DagScope, reference: Reference): Binding {
  if (homeOf(reference) !== scope.group) return { from: 'input', name: passIn(scope, reference) };
  const source = reference[SOURCE];
  switch (source.from) {
    case 'output':
      return { from: 'task', producer: source.node.name, output: source.name };
    case 'input':
      return { from: 'input', name: source.name };
    case 'item':
      return {
        from: 'input',
        name: itemInputName(scope),
        ...(source.field === undefined ? {} : { field: source.field }),
      };
  }
}

/** Makes a value an input of the DAG and returns the input's name. */
export function passIn(scope: DagScope, reference: Reference): string {
  const known = scope.passed.get(reference);
  if (known !== undefined) return known;
  const name = firstFree(channelName(reference), new Set(scope.passed.values()));
  scope.passed.set(reference, name);
  return name;
}

/** Name of the input that holds a loop's current item. */
export function itemInputName(scope: DagScope): string {
  const { iteration, name } = scope.group;
  const index = name.slice('for-loop-'.length);
  if (iteration === undefined || Array.isArray(iteration.items)) {
    return `pipelinechannel--loop-item-param-${index}`;
  }
  return `${passIn(scope, iteration.items as Reference)}-loop-item`;
}

// kfp.compiler.compiler_utils.additional_input_name_for_pipeline_channel
function channelName(reference: Reference): string {
  const source = reference[SOURCE];
  switch (source.from) {
    case 'input':
      return `pipelinechannel--${source.name}`;
    case 'output':
      return `pipelinechannel--${source.node.name}-${source.name}`;
    case 'item': {
      const field = source.field === undefined ? '' : `-subvar-${source.field}`;
      return `pipelinechannel--${source.group.name}-item${field}`;
    }
  }
}
