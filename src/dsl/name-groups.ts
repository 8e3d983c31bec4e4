// Names of branches and loops, once a pipeline is complete: `condition-1`, `for-loop-2`, … as in KFP.

import type { Group, Node } from './graph.js';

/** Numbers all groups below `root` from 1, outer before inner, past names that tasks have taken. */
export function nameGroups(root: Group): void {
  const taken = new Set<string>();
  visit(root, (child) => child.kind === 'task' && taken.add(child.name));
  let index = 0;
  visit(root, (child) => {
    if (child.kind === 'task') return;
    do index += 1;
    while (taken.has(`${child.kind}-${index}`));
    child.name = `${child.kind}-${index}`;
  });
}

function visit(group: Group, see: (child: Node) => unknown): void {
  for (const child of group.children) {
    see(child);
    if (child.kind !== 'task') visit(child, see);
  }
}
