// Which task queues a pipeline needs that no worker asks for tasks.
//
// U1. The server remembers who polled a queue for about five minutes. A queue that nobody polled has no worker, or one
//     that has been full for all that time: what is said here is a hint, never a reason to refuse a run.

import type { Client } from '@temporalio/client';
import { poolQueue, type TaskPool } from '../contract/index.js';
import { acceleratedExecutors } from '../ir/accelerated-executors.js';
import { isDeployComponent } from '../ir/deploy-component.js';
import type { Pipeline } from '../ir/index.js';

// temporal.api.enums.v1.TaskQueueType
const TASK_QUEUE_TYPE = { workflow: 1, activity: 2 } as const;

/** Names of the queues without a worker, of those that the pipeline's tasks go to (U1). */
export async function unpolledQueues(
  { workflowService, options }: Client,
  base: string,
  pipeline: Pipeline,
): Promise<string[]> {
  const isPolled = async (name: string, taskQueueType: number): Promise<boolean> => {
    const { namespace } = options;
    const queue = { namespace, taskQueue: { name }, taskQueueType };
    const { pollers } = await workflowService.describeTaskQueue(queue);
    return (pollers ?? []).length > 0;
  };
  const wanted = [
    { name: base, type: TASK_QUEUE_TYPE.workflow },
    ...poolsOf(pipeline).map((pool) => ({
      name: poolQueue(base, pool),
      type: TASK_QUEUE_TYPE.activity,
    })),
  ];
  const polled = await Promise.all(wanted.map(({ name, type }) => isPolled(name, type)));
  return wanted.filter((_, index) => !polled[index]).map(({ name }) => name);
}

/** Pools that the tasks of a pipeline are sent to. */
export function poolsOf(pipeline: Pipeline): TaskPool[] {
  const onGpu = new Set(acceleratedExecutors(pipeline));
  const used = Object.values(pipeline.spec.components ?? {}).filter(
    ({ executorLabel }) => executorLabel !== undefined && executorLabel !== '',
  );
  const pools = used.map((component): TaskPool => {
    if (isDeployComponent(component)) return 'deploy';
    return onGpu.has(component.executorLabel!) ? 'gpu' : 'cpu';
  });
  return [...new Set(pools)].sort();
}
