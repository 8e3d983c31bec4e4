import type { DagSpecJson, PipelineTaskSpecJson } from '../ir/index.js';
import { upstreamTasks } from '../ir/index.js';

/**
 * The tasks of a DAG in an order in which each comes after all it depends on; among equals the order of the
 * spec decides. The order depends on the spec alone.
 */
export function tasksInOrder(dag: DagSpecJson): [string, PipelineTaskSpecJson][] {
  const waiting = Object.entries(dag.tasks ?? {});
  const placed = new Set<string>();
  const order: [string, PipelineTaskSpecJson][] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(([, task]) =>
      upstreamTasks(task).every((name) => placed.has(name)),
    );
    const [entry] = waiting.splice(Math.max(next, 0), 1);
    placed.add(entry![0]);
    order.push(entry!);
  }
  return order;
}
