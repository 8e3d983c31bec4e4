import type { RunPlan } from '../contract/index.js';
import type { InterpreterPort } from './port.js';
import { RunTracker } from './run-tracker.js';
import type { RunContext } from './scope.js';
import { HistoryBudget } from './slicing.js';
import { TaskSlots } from './task-slots.js';

/** Makes what stays the same through one workflow: of a whole run, or of a slice of it. */
export function makeContext(plan: RunPlan, port: InterpreterPort): RunContext {
  return {
    plan,
    port,
    tracker: new RunTracker(() => port.now()),
    history: new HistoryBudget(plan.tasksPerHistory),
    slots: new TaskSlots(),
    failureBudget: (iterations) => allowedFailures(plan.failureBudget ?? 0, iterations),
  };
}

/** @param budget  a count, or a share of the iterations when below 1 */
function allowedFailures(budget: number, iterations: number): number {
  return budget < 1 ? Math.floor(budget * iterations) : budget;
}
