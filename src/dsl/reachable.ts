// Whether a value can be read, or a task waited for, from where the pipeline is being built now.

import { dslErrors } from '../errors/index.js';
import { exitHandlerOf } from './exit-task.js';
import type { Group, Node, Reference } from './graph.js';
import { SOURCE } from './graph.js';
import { currentGroup } from './recording.js';
import { describeSource, homeOf } from './reference.js';

/**
 * Refuses a value of another pipeline, or one from inside a branch or loop read outside it.
 *
 * @throws E_UNKNOWN_OUTPUT
 */
export function checkReachable(reference: Reference, reader: string): void {
  const home = homeOf(reference);
  const source = reference[SOURCE];
  if (source.from === 'output') refuseExitTask(source.node, reader);
  if (isOpen(home, reader)) return;
  throw dslErrors.unreachableValue(reader, describeSource(source), home.kind);
}

/**
 * Refuses to wait for a task of another pipeline, or of a branch that the waiting task is not in: it
 * may never run (kfp.compiler.compiler_utils.get_dependencies has the same rule).
 *
 * @throws E_UNKNOWN_TASK
 */
export function checkWaitable(node: Node, waiting: string): void {
  refuseExitTask(node, waiting);
  let group = node.parent;
  while (group !== undefined && !isOpen(group, waiting)) {
    if (group.kind === 'condition') throw dslErrors.afterInsideBranch(waiting, node.name);
    if (group.kind === 'exit-handler') throw dslErrors.afterInsideExitHandler(waiting, node.name);
    group = group.parent;
  }
  if (group === undefined) throw dslErrors.notATask(`"${node.name}"`);
}

/** An exit task runs last: nothing comes after it. */
export function refuseExitTask(node: Node, reader: string): void {
  if (exitHandlerOf(node) !== undefined) throw dslErrors.exitTaskUsed(node.name, reader);
}

/** Whether a group is the current one or one around it. */
function isOpen(group: Group, caller: string): boolean {
  let open: Group | undefined = currentGroup(caller);
  while (open !== undefined && open !== group) open = open.parent;
  return open !== undefined;
}
