import type { Group, Node } from './graph.js';

/** The exit handler that a node is the exit task of; undefined for all other nodes. */
export function exitHandlerOf(node: Node): Group | undefined {
  return node.parent?.children.find(
    (sibling): sibling is Group => sibling.kind !== 'task' && sibling.exitTask === node,
  );
}
