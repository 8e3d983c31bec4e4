import type { ArtifactRef, ErrorView, RunPlan, TaskStatus } from '../contract/index.js';
import type { JsonValue } from '../util/json.js';
import type { ComponentSpecJson, DagSpecJson } from '../ir/index.js';
import type { InterpreterPort } from './port.js';
import type { RunTracker } from './run-tracker.js';
import type { HistoryBudget } from './slicing.js';
import type { TaskSlots } from './task-slots.js';

/**
 * A parameter as it flows through the graph. `collected` marks a list gathered by a loop, which an outer
 * loop joins instead of nesting (KFP: backend/src/v2/driver/resolve.go, CollectInputs).
 */
export interface FlowParameter {
  readonly value: JsonValue;
  readonly collected?: boolean;
  /** The value was one of the run's own parameters, passed down unchanged. */
  readonly fromRun?: boolean;
}

/** Everything that enters or leaves a component; an absent key is not the same as null. */
export interface FlowValues {
  readonly parameters: ReadonlyMap<string, FlowParameter>;
  readonly artifacts: ReadonlyMap<string, readonly ArtifactRef[]>;
}

export const NO_VALUES: FlowValues = { parameters: new Map(), artifacts: new Map() };

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

/** Looks a component up; validation has made sure that it exists. */
export function componentOf(plan: RunPlan, name: string): ComponentSpecJson {
  const component = plan.spec.components?.[name];
  if (component === undefined) throw new Error(`component ${name} is not in the plan`);
  return component;
}

/** Path of a task below a scope: `for-loop-1/2/train`. */
export function taskPath(scope: Pick<DagScope, 'path'>, task: string): string {
  return scope.path === '' ? task : `${scope.path}/${task}`;
}
