// Whether a task may start, given how its upstream tasks ended.

import type { PipelineTaskSpecJson } from '../ir/index.js';
import { upstreamTasks } from '../ir/index.js';
import type { TaskOutcome } from './scope.js';

export type TriggerDecision =
  | { readonly kind: 'wait' }
  | { readonly kind: 'start' }
  | { readonly kind: 'skipped' | 'not_triggered'; readonly reason: string };

/** Tasks that start once their upstream has ended in any state: exit handlers, ignore_upstream_failure. */
export function runsOnCompletion(task: PipelineTaskSpecJson): boolean {
  return task.triggerPolicy?.strategy === 'ALL_UPSTREAM_TASKS_COMPLETED';
}

/**
 * Decides what becomes of a task that has not started. As the KFP backend does, a skipped upstream task
 * skips what depends on it, be it by data or by order (argocompiler/dag.go, `depends`).
 */
export function decideTrigger(
  task: PipelineTaskSpecJson,
  ended: ReadonlyMap<string, TaskOutcome>,
): TriggerDecision {
  const upstream = upstreamTasks(task);
  if (upstream.some((name) => !ended.has(name))) return { kind: 'wait' };
  if (runsOnCompletion(task)) return { kind: 'start' };

  const broken = upstream.find((name) => isBroken(ended.get(name)!));
  if (broken !== undefined) {
    return { kind: 'not_triggered', reason: `${broken}: ${ended.get(broken)!.status}` };
  }
  const skipped = upstream.find((name) => ended.get(name)!.status === 'skipped');
  if (skipped !== undefined) return { kind: 'skipped', reason: `${skipped} was skipped` };
  return { kind: 'start' };
}

function isBroken({ status }: TaskOutcome): boolean {
  return status === 'failed' || status === 'canceled' || status === 'not_triggered';
}
