// Runs a ParallelFor: one instance of the component for each item, here or in slices elsewhere.
//
// L1. Iterations start in item order, at most the window at once; outputs are collected in item order.
// L2. A failed iteration fails the loop, unless the failure budget covers it; the others go on (KFP: siblings
//     are independent).
// L3. A loop that would make this history too long is cut into slices, each a workflow of its own.

import type { RunPlan, RunPlanHeader, SliceRequest } from '../contract/index.js';
import { concatOutputs, flowOf } from './flow-values.js';
import { loopItems } from './loop-items.js';
import type { LoopItem } from './loop-items.js';
import { asTaskFailure } from './port.js';
import { runIterations } from './run-iterations.js';
import type { IterationsResult, LoopTask, RunIteration } from './run-iterations.js';
import { viewOfValues } from './run-tracker.js';
import type { RunContext, TaskOutcome } from './scope.js';
import { countTasks, inWindow } from './slicing.js';
import { NO_VALUES } from './flow-values.js';

/** Iterations in flight when the task sets no parallelismLimit. */
const DEFAULT_WINDOW = 100;
/** Slices in flight; together they keep to the window. */
const SLICES_AT_ONCE = 4;

/** Runs every iteration and collects their outputs, in item order. */
export async function runLoop(
  context: RunContext,
  loop: LoopTask,
  runIteration: RunIteration,
): Promise<TaskOutcome> {
  const items = loopItems(loop.name, loop.task, loop.scope.inputs);
  const limit = loop.task.iteratorPolicy?.parallelismLimit ?? 0;
  const window = limit > 0 ? limit : DEFAULT_WINDOW;
  const result = context.history.take(items.length * countTasks(context.plan, loop.component))
    ? await runIterations(context, { ...loop, items, offset: 0, window }, runIteration)
    : await runSlices(context, loop, items, { window, isLimited: limit > 0 });
  return conclude(context, loop, items.length, result);
}

async function runSlices(
  context: RunContext,
  loop: LoopTask,
  items: readonly LoopItem[],
  { window, isLimited }: { window: number; isLimited: boolean },
): Promise<IterationsResult> {
  const size = context.history.sliceSize(countTasks(context.plan, loop.component));
  const offsets = Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => index * size,
  );
  const lanes = isLimited ? 1 : SLICES_AT_ONCE;
  let done: IterationsResult = { outputs: NO_VALUES, succeeded: 0, failed: 0, canceled: 0 };
  const report = (): void => {
    context.tracker.progressed(loop.path, { total: items.length, ...counts(done) });
  };
  report();
  const results = await inWindow(offsets, lanes, async (offset) => {
    const request = sliceRequest(context, loop, items.slice(offset, offset + size), offset);
    const options = { shielded: loop.scope.shielded };
    const sliceWindow = Math.max(1, Math.floor(window / lanes));
    const counted = await context.port.runSlice({ ...request, window: sliceWindow }, options).then(
      (result): IterationsResult => ({ ...result, outputs: flowOf(result.outputs, true) }),
      (error: unknown) => lostSlice(error, request.items.length),
    );
    done = addCounts(done, counted);
    report();
    return counted;
  });
  return { ...done, outputs: concatOutputs(results.map(({ outputs }) => outputs)) };
}

function sliceRequest(
  context: RunContext,
  loop: LoopTask,
  items: readonly LoopItem[],
  offset: number,
): Omit<SliceRequest, 'window'> {
  const header = headerOf(context.plan);
  return {
    header,
    task: loop.name,
    path: loop.path,
    dagPath: loop.path.split('/').slice(0, -1).join('/'),
    definition: loop.task,
    platformNames: loop.platformNames,
    inputs: viewOfValues(loop.scope.inputs),
    items,
    offset,
    shielded: loop.scope.shielded,
  };
}

/** What a slice needs of the plan beside the graph; the run's own parameters have been resolved already. */
function headerOf(plan: RunPlan): RunPlanHeader {
  const header: Record<string, unknown> = { ...plan, parameters: {}, warnings: [] };
  delete header['spec'];
  delete header['executors'];
  return header as unknown as RunPlanHeader;
}

/** A slice that came to nothing as a whole. */
function lostSlice(error: unknown, items: number): IterationsResult {
  const { view, canceled } = asTaskFailure(error);
  const counted = canceled ? { failed: 0, canceled: items } : { failed: items, canceled: 0 };
  return { outputs: NO_VALUES, succeeded: 0, ...counted, error: view };
}

function conclude(
  context: RunContext,
  loop: LoopTask,
  total: number,
  result: IterationsResult,
): TaskOutcome {
  context.tracker.progressed(loop.path, { total, ...counts(result) });
  const isFailed = result.failed > context.failureBudget(total);
  if (isFailed || result.canceled > 0) {
    const status = isFailed ? 'failed' : 'canceled';
    context.tracker.ended(loop.path, status, { error: result.error });
    return { status, outputs: NO_VALUES, error: result.error };
  }
  context.tracker.succeeded(loop.path, result.outputs);
  return { status: 'succeeded', outputs: result.outputs };
}

function counts({ succeeded, failed, canceled }: IterationsResult) {
  return { succeeded, failed, canceled };
}

function addCounts(left: IterationsResult, right: IterationsResult): IterationsResult {
  return {
    outputs: NO_VALUES,
    succeeded: left.succeeded + right.succeeded,
    failed: left.failed + right.failed,
    canceled: left.canceled + right.canceled,
    error: left.error ?? right.error,
  };
}
