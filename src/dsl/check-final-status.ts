// Whether each final status is that of one group or task.

import { dslErrors } from '../errors/index.js';
import { exitHandlerOf } from './exit-task.js';
import type { Group, TaskNode } from './graph.js';
import { upstreamSiblings } from './upstream-siblings.js';

/**
 * Checks every task of a complete pipeline that takes a final status
 * (kfp.compiler.pipeline_spec_builder, modify_task_for_ignore_upstream_failure).
 *
 * @throws E_SPEC
 */
export function checkFinalStatuses(group: Group): void {
  for (const child of group.children) {
    if (child.kind !== 'task') checkFinalStatuses(child);
    else if (takesFinalStatus(child) && exitHandlerOf(child) === undefined) checkTask(child);
  }
}

function checkTask(task: TaskNode): void {
  if (task.options.ignoreUpstreamFailure !== true) throw dslErrors.finalStatusOfSuccess(task.name);
  const upstream = upstreamSiblings(task);
  if (upstream.size !== 1) throw dslErrors.finalStatusOfNothing(task.name, upstream.size);
}

function takesFinalStatus({ component }: TaskNode): boolean {
  return Object.values(component.inputs).some(({ kind }) => kind === 'final-status');
}
