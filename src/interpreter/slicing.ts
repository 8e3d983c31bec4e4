// How much of a run one workflow history carries.
//
// H1. A history stays below 10,000 events (Temporal warns at 10,240 and ends it at 51,200). A task costs at most
//     about ten: look-up, schedule, start, completion, and the workflow tasks between them.

import type { RunPlan } from '../contract/index.js';
import type { ComponentSpecJson } from '../ir/index.js';
import { componentOf } from './component-of.js';

const EVENTS_PER_HISTORY = 8000;
const EVENTS_PER_TASK = 10;

/** Counts the tasks that loops may still put into one history. */
export class HistoryBudget {
  private left: number;

  constructor(private readonly capacity = EVENTS_PER_HISTORY / EVENTS_PER_TASK) {
    this.left = capacity;
  }

  /** Reserves room for this many tasks; false when there is not enough. */
  take(tasks: number): boolean {
    if (tasks > this.left) return false;
    this.left -= tasks;
    return true;
  }

  /** Iterations that fit into a history of their own, at least one. */
  sliceSize(tasksPerIteration: number): number {
    return Math.max(1, Math.floor(this.capacity / tasksPerIteration));
  }
}

/** Tasks of one instance of a component, a loop within it counted once. */
export function countTasks(plan: RunPlan, component: ComponentSpecJson): number {
  if (component.dag === undefined) return 1;
  return Object.values(component.dag.tasks ?? {}).reduce(
    (sum, task) => sum + countTasks(plan, componentOf(plan, task.componentRef?.name ?? '')),
    1,
  );
}

/**
 * Runs work over items, in order, at most `window` at once.
 *
 * @returns the results in item order
 */
export async function inWindow<Item, Result>(
  items: readonly Item[],
  window: number,
  run: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await run(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, items.length) }, lane));
  return results;
}
