// Runs the tasks of one DAG, each as soon as it may.
//
// R1. Tasks that may start at the same moment start in an order given by the spec alone, never in completion
//     order: replay must schedule identically.
// R2. A task starts at most once.
// R3. A failed task fails its DAG, also when an exit handler succeeds; its unrelated siblings go on.
// R4. After a cancellation only tasks that run on completion of something that had begun still start.

import type { ErrorView } from '../contract/index.js';
import type { PipelineTaskSpecJson } from '../ir/index.js';
import { dataProducers, upstreamTasks } from '../ir/index.js';
import { asTaskFailure } from './port.js';
import type { DagScope, RunContext, TaskOutcome } from './scope.js';
import { announceTask, endSubtree } from './subtree.js';
import { tasksInOrder } from './task-order.js';
import { decideTrigger, runsOnCompletion } from './trigger.js';
import { NO_VALUES } from './flow-values.js';

/** Carries out one task of a DAG whose upstream tasks have ended. Never rejects. */
export type RunNode = (
  name: string,
  task: PipelineTaskSpecJson,
  scope: DagScope,
  ended: ReadonlyMap<string, TaskOutcome>,
) => Promise<TaskOutcome>;

export interface DagResult {
  readonly status: 'succeeded' | 'failed' | 'canceled';
  readonly ended: ReadonlyMap<string, TaskOutcome>;
  /** The first failure, in completion order. */
  readonly error?: ErrorView;
}

/** Runs a DAG until every task has ended. */
export async function runDag(
  context: RunContext,
  scope: DagScope,
  runNode: RunNode,
): Promise<DagResult> {
  const tasks = tasksInOrder(scope.dag);
  for (const [name, task] of tasks) announceTask(context, scope, name, task);

  const ended = new Map<string, TaskOutcome>();
  const begun = new Set<string>();
  await new Promise<void>((resolve) => {
    const settle = (name: string, outcome: TaskOutcome): void => {
      ended.set(name, outcome);
      advance();
    };
    const start = (name: string, task: PipelineTaskSpecJson): void => {
      begun.add(name);
      const taskScope = { ...scope, shielded: scope.shielded || isExitTask(context, task) };
      void runNode(name, task, taskScope, ended)
        .catch((error: unknown): TaskOutcome => {
          return { status: 'failed', outputs: NO_VALUES, error: asTaskFailure(error).view };
        })
        .then((outcome) => settle(name, outcome));
    };
    const advance = (): void => {
      for (const [name, task] of tasks) {
        if (begun.has(name) || ended.has(name)) continue;
        const decision = decide(context, scope, task, begun, ended);
        if (decision.kind === 'start') start(name, task);
        else if (decision.kind !== 'wait') {
          endSubtree(context, scope, name, task, decision.kind, decision.reason);
          ended.set(name, { status: decision.kind, outputs: NO_VALUES });
          return advance();
        }
      }
      if (ended.size === tasks.length) resolve();
    };
    advance();
  });
  return summarize(ended);
}

type Decision = ReturnType<typeof decideTrigger>;

function decide(
  context: RunContext,
  scope: DagScope,
  task: PipelineTaskSpecJson,
  begun: ReadonlySet<string>,
  ended: ReadonlyMap<string, TaskOutcome>,
): Decision {
  const decision = decideTrigger(task, ended);
  if (!context.port.isCanceled() || scope.shielded || decision.kind !== 'start') return decision;
  const cleansUp = runsOnCompletion(task) && upstreamTasks(task).some((name) => begun.has(name));
  return cleansUp ? decision : { kind: 'not_triggered', reason: 'the run was canceled' };
}

/**
 * Whether a cancellation must not cut the task short: it runs on completion and either takes nothing from
 * its upstream (an exit handler) or starts only after the cancellation.
 */
function isExitTask({ port }: RunContext, task: PipelineTaskSpecJson): boolean {
  return runsOnCompletion(task) && (port.isCanceled() || dataProducers(task).length === 0);
}

function summarize(ended: ReadonlyMap<string, TaskOutcome>): DagResult {
  const outcomes = [...ended.values()];
  const failed = outcomes.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { status: 'failed', ended, error: failed.error };
  const isCanceled = outcomes.some(({ status }) => status === 'canceled');
  return { status: isCanceled ? 'canceled' : 'succeeded', ended };
}
