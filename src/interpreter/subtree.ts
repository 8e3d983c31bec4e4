import type { TaskView } from '../contract/index.js';
import type { PipelineTaskSpecJson } from '../ir/index.js';
import { isLoop } from './loop-items.js';
import { taskPath } from './scope.js';
import { tasksInOrder } from './task-order.js';
import type { DagScope, RunContext } from './scope.js';
import { componentOf } from './component-of.js';

/** What a task is, for those who watch the run. */
export function taskKind(context: RunContext, task: PipelineTaskSpecJson): TaskView['kind'] {
  if (isLoop(task)) return 'loop';
  const component = componentOf(context.plan, task.componentRef?.name ?? '');
  if (component.dag !== undefined) return 'dag';
  return context.plan.executors[component.executorLabel ?? '']?.kind ?? 'container';
}

/** Lists a task, and what is known to lie below it, as pending. A loop's inside is not known yet. */
export function announceTask(
  context: RunContext,
  scope: Pick<DagScope, 'path'>,
  name: string,
  task: PipelineTaskSpecJson,
): void {
  visitSubtree(context, scope, name, task, (path, kind, displayName) =>
    context.tracker.announce(path, kind, displayName),
  );
}

/** Ends a task that never started, and all below it, in the same state. */
export function endSubtree(
  context: RunContext,
  scope: Pick<DagScope, 'path'>,
  name: string,
  task: PipelineTaskSpecJson,
  status: 'skipped' | 'not_triggered',
  reason: string,
): void {
  visitSubtree(context, scope, name, task, (path) =>
    context.tracker.ended(path, status, { reason }),
  );
}

function visitSubtree(
  context: RunContext,
  scope: Pick<DagScope, 'path'>,
  name: string,
  task: PipelineTaskSpecJson,
  visit: (path: string, kind: TaskView['kind'], displayName?: string) => void,
): void {
  const path = taskPath(scope, name);
  const kind = taskKind(context, task);
  visit(path, kind, task.taskInfo?.name);
  if (kind !== 'dag') return;
  const { dag } = componentOf(context.plan, task.componentRef?.name ?? '');
  for (const [child, childTask] of tasksInOrder(dag ?? {})) {
    visitSubtree(context, { path }, child, childTask, visit);
  }
}
