// Which sibling tasks a task or group waits for.
//
// A dependency between DAGs becomes one between the two ancestors that are siblings
// (kfp.compiler.compiler_utils.get_dependencies).

import type { Group, Node, TaskNode } from '../graph.js';
import { NODE } from '../graph.js';
import { ancestorIn } from '../upstream-siblings.js';
import type { DagScope } from './dag-scope.js';

/** Names of sibling tasks to wait for, sorted as the SDK sorts them. */
export function dependenciesOf(
  scope: DagScope,
  after: readonly Node[],
  producers: ReadonlySet<string>,
): string[] {
  const names = new Set(producers);
  for (const node of after) {
    const sibling = ancestorIn(scope.group, node);
    if (sibling !== undefined) names.add(sibling.name);
  }
  return [...names].sort();
}

/** All `after` of the tasks within a group: those outside it are what the group itself waits for. */
export function afterWithin(group: Group): readonly Node[] {
  return group.children
    .flatMap((child) => (child.kind === 'task' ? explicitAfter(child) : afterWithin(child)))
    .filter((node) => ancestorIn(group, node) === undefined);
}

/** The nodes behind a task's `after` option. */
export function explicitAfter({ options }: TaskNode): readonly Node[] {
  return (options.after ?? []).map((task) => task[NODE]);
}
