// Runs a ParallelFor: one instance of the component for each item.
//
// L1. Iterations start in item order, at most the window at once.
// L2. A failed iteration fails the loop; the others go on (KFP: siblings are independent).

import type { ComponentSpecJson, PipelineTaskSpecJson } from '../ir/index.js';
import { collectOutputs } from './dag-outputs.js';
import { loopItems, withItem } from './loop-items.js';
import type { LoopItem } from './loop-items.js';
import { NO_VALUES } from './scope.js';
import type { DagScope, FlowValues, RunContext, TaskOutcome } from './scope.js';

/** Iterations in flight when the task sets no parallelismLimit: far below Temporal's 2,000 pending activities. */
const DEFAULT_WINDOW = 100;

export interface LoopTask {
  readonly name: string;
  readonly task: PipelineTaskSpecJson;
  readonly component: ComponentSpecJson;
  readonly scope: DagScope;
  readonly path: string;
}

/** Runs one iteration. @param path  `for-loop-1/2` */
export type RunIteration = (path: string, inputs: FlowValues) => Promise<TaskOutcome>;

/** Runs every iteration and collects their outputs, in item order. */
export async function runLoop(
  context: RunContext,
  loop: LoopTask,
  runIteration: RunIteration,
): Promise<TaskOutcome> {
  const items = loopItems(loop.name, loop.task, loop.scope.inputs);
  const limit = loop.task.iteratorPolicy?.parallelismLimit ?? 0;
  const outcomes = await runWindow(items, limit > 0 ? limit : DEFAULT_WINDOW, (item, index) => {
    const path = `${loop.path}/${index}`;
    if (context.port.isCanceled() && !loop.scope.shielded) {
      return Promise.resolve<TaskOutcome>({ status: 'canceled', outputs: NO_VALUES });
    }
    context.tracker.announce(path, loop.component.dag === undefined ? 'container' : 'dag');
    context.tracker.started(path);
    return runIteration(path, withItem(loop.scope.inputs, item));
  });

  const failed = outcomes.find(({ status }) => status === 'failed');
  const broken = failed ?? outcomes.find(({ status }) => status === 'canceled');
  if (broken !== undefined) {
    context.tracker.ended(loop.path, broken.status, { error: broken.error });
    return { status: broken.status, outputs: NO_VALUES, error: broken.error };
  }
  const outputs = collectOutputs(
    {
      parameters: Object.keys(loop.component.outputDefinitions?.parameters ?? {}),
      artifacts: Object.keys(loop.component.outputDefinitions?.artifacts ?? {}),
    },
    outcomes.map((outcome) => outcome.outputs),
  );
  context.tracker.succeeded(loop.path, outputs);
  return { status: 'succeeded', outputs };
}

async function runWindow(
  items: readonly LoopItem[],
  window: number,
  run: (item: LoopItem, index: number) => Promise<TaskOutcome>,
): Promise<TaskOutcome[]> {
  const outcomes = new Array<TaskOutcome>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      outcomes[index] = await run(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, items.length) }, lane));
  return outcomes;
}
