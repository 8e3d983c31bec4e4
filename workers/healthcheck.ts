// Whether the worker of this host polls its task queue: asked of the server, which is what a run depends on.
//
// Ends with code 0 when it does, else with 1 and a line on stderr. For the image's HEALTHCHECK.

import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadSettings } from '../src/config/index.js';
import { TASK_QUEUE } from '../src/contract/index.js';
import { isPolling } from './is-polling.js';

const settings = loadSettings(process.env);
if (settings.temporal.mode !== 'cluster') throw new Error('a worker needs TEMPORAL_ADDRESS');
const { namespace, ...server } = settings.temporal.connection;
const connection = await Connection.connect(server);
try {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: TASK_QUEUE },
    taskQueueType: 1, // temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
  });
  if (!isPolling(pollers, { host: hostname(), nowMs: Date.now() })) {
    process.stderr.write(`No worker of ${hostname()} polls "${TASK_QUEUE}".\n`);
    process.exitCode = 1;
  }
} finally {
  await connection.close();
}
