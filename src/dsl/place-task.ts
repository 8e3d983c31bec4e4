// Placing a component as a task of the pipeline being built, with every argument checked.

import { dslErrors } from '../errors/index.js';
import { closestMatch } from '../util/index.js';
import { checkArgument } from './check-argument.js';
import { checkTaskOptions } from './check-task-options.js';
import type { Argument, ComponentDefinition, Task, TaskNode, TaskOptions } from './graph.js';
import { SOURCE } from './graph.js';
import { dashedName } from './names.js';
import { claimTaskName, currentGroup } from './recording.js';
import type { ReferencesOf } from './reference.js';
import { describeType } from './reference.js';
import { createTask } from './task.js';
import { argumentReferences } from './task-references.js';
import type { ValueTypes } from './value-type.js';

/**
 * Adds a task to the current group.
 *
 * @throws E_MISSING_INPUT, E_UNKNOWN_INPUT, E_KIND, E_TYPE, E_ARTIFACT_TYPE for a wrong argument
 */
export function placeTask(
  component: ComponentDefinition,
  given: Readonly<Record<string, unknown>>,
  options: TaskOptions,
): Task<ReferencesOf<ValueTypes>> {
  checkTaskOptions(component, options);
  const node: TaskNode = {
    kind: 'task',
    name: claimTaskName(options.name, dashedName(component.name)),
    parent: currentGroup(component.name),
    component,
    arguments: checkArguments(component, given),
    options,
  };
  if (options.ignoreUpstreamFailure === true) checkMayBeMissing(node);
  node.parent.children.push(node);
  return createTask(node, component.outputs);
}

function checkArguments(
  component: ComponentDefinition,
  given: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Argument> {
  const names = Object.keys(component.inputs);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(component.inputs, name)) {
      const place = { component: component.name, input: name };
      throw dslErrors.unknownInput(place, names, closestMatch(name, names));
    }
  }
  const checked = new Map<string, Argument>();
  for (const [name, type] of Object.entries(component.inputs)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (type.kind === 'final-status') {
      if (value !== undefined) throw dslErrors.finalStatusGiven(component.name, name);
    } else if (value !== undefined) {
      checked.set(name, checkArgument({ component: component.name, input: name, type, value }));
    } else if (type.isRequired) {
      throw dslErrors.missingInput({ component: component.name, input: name }, describeType(type));
    }
  }
  return checked;
}

/** What may be missing after a failure must be optional (kfp.dsl.PipelineTask.ignore_upstream_failure). */
function checkMayBeMissing({ component, arguments: given }: TaskNode): void {
  for (const [name, argument] of given) {
    const isFromTask = argumentReferences(argument).some(
      ({ [SOURCE]: { from } }) => from === 'output',
    );
    const mayBeMissing = argument.kind !== 'text' && !component.inputs[name]!.isRequired;
    if (isFromTask && !mayBeMissing) throw dslErrors.upstreamMayFail(component.name, name);
  }
}
