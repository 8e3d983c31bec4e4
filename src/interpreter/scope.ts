import type { ErrorView, RunPlan, TaskStatus } from '../contract/index.js';
import type { DagSpecJson } from '../ir/index.js';
import type { FlowValues } from './flow-values.js';
import type { InterpreterPort } from './port.js';
import type { RunTracker } from './run-tracker.js';
import type { HistoryBudget } from './slicing.js';
import type { TaskSlots } from './task-slots.js';

/** How one task of a DAG ended. */
export interface TaskOutcome {
  readonly status: Exclude<TaskStatus, 'pending' | 'running'>;
  readonly outputs: FlowValues;
  readonly error?: ErrorView;
}

/** What stays the same through a whole run. */
export interface RunContext {
  readonly plan: RunPlan;
  readonly port: InterpreterPort;
  readonly tracker: RunTracker;
  readonly history: HistoryBudget;
  readonly slots: TaskSlots;
  /** Failed iterations that a loop of this many forgives. */
  failureBudget(iterations: number): number;
}

/** One instance of a DAG: the root, a sub-DAG, or one iteration of a loop. */
export interface DagScope {
  readonly dag: DagSpecJson;
  /** Path prefix of its tasks, '' for the root. */
  readonly path: string;
  readonly inputs: FlowValues;
  /** Whether this DAG belongs to an exit handler and goes on after cancellation. */
  readonly shielded: boolean;
}

/** Path of a task below a scope: `for-loop-1/2/train`. */
export function taskPath(scope: Pick<DagScope, 'path'>, task: string): string {
  return scope.path === '' ? task : `${scope.path}/${task}`;
}
