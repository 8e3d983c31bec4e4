import type { ErrorView } from '../contract/index.js';
import type { ComponentSpecJson, PipelineTaskSpecJson } from '../ir/index.js';
import type { JsonObject } from '../util/json.js';
import { collectOutputs } from './dag-outputs.js';
import { withItem } from './loop-items.js';
import type { LoopItem } from './loop-items.js';
import type { DagScope, RunContext, TaskOutcome } from './scope.js';
import { inWindow } from './slicing.js';
import { NO_VALUES } from './flow-values.js';
import type { FlowValues } from './flow-values.js';

export interface LoopTask {
  readonly name: string;
  readonly task: PipelineTaskSpecJson;
  readonly component: ComponentSpecJson;
  readonly scope: DagScope;
  readonly path: string;
  readonly platformNames?: JsonObject;
}

/** Neighbouring iterations of a loop, run together. */
export interface IterationRange extends LoopTask {
  readonly items: readonly LoopItem[];
  /** Index of the first item in the whole loop. */
  readonly offset: number;
  /** Iterations in flight at most. */
  readonly window: number;
}

export interface IterationsResult {
  /** Collected over the range, in item order; failed iterations leave nothing. */
  readonly outputs: FlowValues;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  /** Of the first failed item. */
  readonly error?: ErrorView;
}

/** Runs one iteration. @param path  `for-loop-1/2` */
export type RunIteration = (path: string, inputs: FlowValues) => Promise<TaskOutcome>;

/** Runs a range of iterations to their ends. */
export async function runIterations(
  context: RunContext,
  range: IterationRange,
  runIteration: RunIteration,
): Promise<IterationsResult> {
  const outcomes = await inWindow(range.items, range.window, (item, index) => {
    const canceled: TaskOutcome = { status: 'canceled', outputs: NO_VALUES };
    if (context.port.isCanceled() && !range.scope.shielded) return Promise.resolve(canceled);
    const start = (): Promise<TaskOutcome> => {
      const path = `${range.path}/${range.offset + index}`;
      context.tracker.announce(path, range.component.dag === undefined ? 'container' : 'dag');
      context.tracker.started(path);
      return runIteration(path, withItem(range.scope.inputs, item));
    };
    const held = context.port.hold(range.scope);
    return held === undefined ? start() : held.then(start, () => canceled);
  });
  return summarize(range, outcomes);
}

function summarize(range: IterationRange, outcomes: readonly TaskOutcome[]): IterationsResult {
  const count = (status: TaskOutcome['status']) =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const declared = {
    parameters: Object.keys(range.component.outputDefinitions?.parameters ?? {}),
    artifacts: Object.keys(range.component.outputDefinitions?.artifacts ?? {}),
  };
  return {
    outputs: collectOutputs(
      declared,
      outcomes.map((outcome) => outcome.outputs),
    ),
    succeeded: count('succeeded'),
    failed: count('failed'),
    canceled: count('canceled'),
    error: outcomes.find((outcome) => outcome.error !== undefined)?.error,
  };
}
