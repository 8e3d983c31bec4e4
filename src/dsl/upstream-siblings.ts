// What a task waits for within its own DAG.

import type { Group, Node, TaskNode } from './graph.js';
import { NODE, SOURCE } from './graph.js';
import { referencesOf } from './task-references.js';

/** The tasks and groups beside a task that it reads from, or waits for. */
export function upstreamSiblings(task: TaskNode): ReadonlySet<Node> {
  const producers = referencesOf(task).flatMap(({ [SOURCE]: source }) =>
    source.from === 'output' ? [source.node] : [],
  );
  const after = (task.options.after ?? []).map((other) => other[NODE]);
  const siblings = [...producers, ...after].map((node) => ancestorIn(task.parent, node));
  return new Set(siblings.filter((node) => node !== undefined));
}

/** The node itself, or the group around it, that is a child of `group`; undefined outside of it. */
export function ancestorIn(group: Group, node: Node): Node | undefined {
  let current: Node | undefined = node;
  while (current !== undefined && current.parent !== group) current = current.parent;
  return current;
}
