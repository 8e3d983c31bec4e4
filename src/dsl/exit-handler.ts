// Exit handlers: a task that runs after a group of others, however they ended.
//
// X1. The exit task runs last and depends on nothing that may have failed; nothing reads or waits for it.
// X2. What is within the body stays there: nothing outside reads what may have failed.

import { dslErrors } from '../errors/index.js';
import { exitHandlerOf } from './exit-task.js';
import type { AnyTask, Group, Task, TaskNode } from './graph.js';
import { NODE, SOURCE } from './graph.js';
import { runBody } from './group-output.js';
import { describeValue } from './literal.js';
import { createGroup, currentGroup } from './recording.js';
import { createOutputs, isTask } from './task.js';
import { referencesOf } from './task-references.js';

export interface ExitHandlerOptions {
  /** Shown instead of `exit-handler-1`. */
  readonly name?: string;
}

/**
 * Places tasks, and one that runs when all of them have ended: succeeded, failed or canceled.
 *
 * @param exitTask  what a component just returned: `exitHandler(notify({ … }), () => { … })`
 * @param body      places the tasks; it returns no values (X2)
 * @returns the group, for the `after` of other tasks
 * @throws E_SPEC when it is not at the top of a pipeline, or the exit task depends on a task (X1)
 */
export function exitHandler(
  exitTask: AnyTask,
  body: () => AnyTask | void,
  options: ExitHandlerOptions = {},
): Task<Record<never, never>> {
  const parent = currentGroup('exitHandler');
  if (parent.kind !== 'pipeline') throw dslErrors.exitHandlerInside(parent.kind);
  const exit = checkExitTask(exitTask, parent);
  const group = createGroup('exit-handler', {
    parent,
    exitTask: exit,
    ...(options.name === undefined ? {} : { displayName: options.name }),
  });
  parent.children.splice(parent.children.indexOf(exit), 0, group);
  const returned = runBody(group, body);
  if (returned.size > 0) throw dslErrors.exitHandlerReturns([...returned.keys()]);
  return {
    get name() {
      return group.name;
    },
    outputs: createOutputs(group, {}),
    [NODE]: group,
  };
}

/** Takes only the task placed last: nothing can have read its outputs yet (X1). */
function checkExitTask(given: unknown, parent: Group): TaskNode {
  if (!isTask(given)) throw dslErrors.wrongExitTask(describeValue(given));
  const node = given[NODE];
  if (node.kind !== 'task') throw dslErrors.wrongExitTask(`a ${node.kind}`);
  if (node.component.implementation.kind === 'importer') {
    throw dslErrors.wrongExitTask('an importer');
  }
  if (parent.children.at(-1) !== node || exitHandlerOf(node) !== undefined) {
    throw dslErrors.wrongExitTask(`the task "${node.name}", which was placed before`);
  }
  const isDependent = referencesOf(node).some(({ [SOURCE]: { from } }) => from === 'output');
  if (isDependent || (node.options.after ?? []).length > 0) {
    throw dslErrors.exitTaskDepends(node.name);
  }
  return node;
}
