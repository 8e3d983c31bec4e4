// How the tasks of one DAG name the values they read.
//
// D1. A value of this DAG is named by its producer; any other is passed in as an input of the DAG,
//     through every DAG between, since KFP forbids references across DAGs.
// D2. One value has one input name, and no two values share one.

import type { Group, Reference } from '../graph.js';
import { SOURCE } from '../graph.js';
import { firstFree } from '../recording.js';
import { homeOf, isReference } from '../reference.js';

/** How a value is named within a DAG. */
export type Binding =
  | { readonly from: 'task'; readonly producer: string; readonly output: string }
  | { readonly from: 'input'; readonly name: string; readonly field?: string };

/** A DAG while its tasks are compiled. */
export interface DagScope {
  readonly group: Group;
  /** Values passed in from the parent, by identity, with their input names. */
  readonly passed: Map<Reference, string>;
  /** Input that holds a loop's current item. */
  readonly itemInput?: string;
}

export function createDagScope(group: Group): DagScope {
  const itemInput = group.iteration === undefined ? {} : { itemInput: itemName(group) };
  return { group, passed: new Map(), ...itemInput };
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
        name: itemName(source.group),
        ...(source.field === undefined ? {} : { field: source.field }),
      };
  }
}

/** Makes a value an input of the DAG and returns the input's name. */
export function passIn(scope: DagScope, reference: Reference): string {
  const known = scope.passed.get(reference);
  if (known !== undefined) return known;
  const taken = new Set([...scope.passed.values(), scope.itemInput]);
  const name = firstFree(channelName(reference), taken);
  scope.passed.set(reference, name);
  return name;
}

// kfp.compiler.compiler_utils.additional_input_name_for_pipeline_channel
function channelName(reference: Reference): string {
  const source = reference[SOURCE];
  switch (source.from) {
    case 'input':
      return `pipelinechannel--${source.name}`;
    case 'output':
      return `pipelinechannel--${source.node.name}-${source.name}`;
    case 'item':
      return `${itemName(source.group)}${source.field === undefined ? '' : `-subvar-${source.field}`}`;
  }
}

// kfp.dsl.for_loop.LoopParameterArgument and LoopArtifactArgument
function itemName({ name, iteration }: Group): string {
  const items = iteration?.items;
  if (isReference(items)) return `${channelName(items)}-loop-item`;
  return `pipelinechannel--loop-item-param-${name.slice('for-loop-'.length)}`;
}
