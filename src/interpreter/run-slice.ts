// A slice of a loop as a run of its own: the other end of the port's runSlice.

import type { RunPlan, SliceRequest, SliceResult, TaskView } from '../contract/index.js';
import { makeContext } from './make-context.js';
import { flowOf } from './flow-values.js';
import type { InterpreterPort } from './port.js';
import { runIterations } from './run-iterations.js';
import { iterationRunner } from './run-node.js';
import { viewOfValues } from './run-tracker.js';
import { componentOf } from './component-of.js';

export interface SliceRun {
  view(): readonly TaskView[];
  readonly result: Promise<SliceResult>;
}

/** Starts the iterations of a slice. Its result never rejects. */
export function startSlice(plan: RunPlan, slice: SliceRequest, port: InterpreterPort): SliceRun {
  const context = makeContext(plan, port);
  const component = componentOf(plan, slice.definition.componentRef?.name ?? '');
  const scope = {
    dag: {},
    path: slice.dagPath,
    inputs: flowOf(slice.inputs),
    shielded: slice.shielded ?? false,
  };
  const { task: name, definition: task, path, platformNames } = slice;
  const loop = { name, task, component, scope, path, platformNames };
  context.history.take(slice.items.length);
  const range = {
    ...loop,
    items: slice.items,
    offset: slice.offset,
    window: slice.window,
  };
  const result = runIterations(context, range, iterationRunner(context, loop)).then((done) => ({
    ...done,
    outputs: viewOfValues(done.outputs),
  }));
  return { view: () => context.tracker.list(), result };
}
