// Tasks that run however the tasks before them ended, and what those are told.

import type { InputParameterJson, PipelineTaskSpecJson } from '../../ir/index.js';
import { exitHandlerOf } from '../exit-task.js';
import type { TaskNode } from '../graph.js';

/** The trigger of exit tasks and of `ignoreUpstreamFailure`; none for other tasks. */
export function completionTrigger(task: TaskNode): Pick<PipelineTaskSpecJson, 'triggerPolicy'> {
  const isOnCompletion =
    exitHandlerOf(task) !== undefined || task.options.ignoreUpstreamFailure === true;
  return isOnCompletion ? { triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' } } : {};
}

/** Inputs that are filled in with the final status of the one task waited for (check-final-status.ts). */
export function finalStatusInputs(
  { component }: TaskNode,
  dependentTasks: readonly string[],
): [string, InputParameterJson][] {
  return Object.entries(component.inputs)
    .filter(([, { kind }]) => kind === 'final-status')
    .map(([name]) => [name, { taskFinalStatus: { producerTask: dependentTasks[0]! } }]);
}
