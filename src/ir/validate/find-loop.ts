/**
 * Finds a loop in a graph by depth-first search, without recursion.
 *
 * @param edges  for each node the nodes it points to; names that are no key are ignored
 * @returns the nodes of one loop, the first again at the end; undefined when there is none
 */
export function findLoop(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const finished = new Set<string>();
  for (const start of edges.keys()) {
    const trail = [{ node: start, next: 0 }];
    const onTrail = new Set([start]);
    while (trail.length > 0) {
      const step = trail.at(-1)!;
      const target = finished.has(step.node) ? undefined : edges.get(step.node)?.[step.next];
      if (target === undefined) {
        finished.add(step.node);
        onTrail.delete(step.node);
        trail.pop();
        continue;
      }
      step.next += 1;
      if (onTrail.has(target))
        return loopAt(
          target,
          trail.map(({ node }) => node),
        );
      if (edges.has(target) && !finished.has(target)) {
        trail.push({ node: target, next: 0 });
        onTrail.add(target);
      }
    }
  }
  return undefined;
}

function loopAt(node: string, trail: readonly string[]): string[] {
  return [...trail.slice(trail.indexOf(node)), node];
}
