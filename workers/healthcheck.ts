// Whether the worker of this host polls a task queue of its roles: asked of the server, which is what a run depends on.
//
// Ends with code 0 when it does, else with 1 and a line on stderr. For the image's HEALTHCHECK.

import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadSettings } from '../src/config/index.js';
import { hostQueue, poolQueue } from '../src/contract/index.js';
import { isPolling } from './is-polling.js';
import { workerIdentity } from './worker-identity.js';

// temporal.api.enums.v1.TaskQueueType
const WORKFLOW = 1;
const ACTIVITY = 2;

const settings = loadSettings(process.env);
if (settings.temporal.mode !== 'cluster') throw new Error('a worker needs TEMPORAL_ADDRESS');
const { namespace, ...server } = settings.temporal.connection;
const { name, type } = steadyQueue();
const connection = await Connection.connect(server);
try {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType: type,
  });
  if (!isPolling(pollers, { host: hostname(), nowMs: Date.now() })) {
    process.stderr.write(`No worker of ${hostname()} polls "${name}".\n`);
    process.exitCode = 1;
  }
} finally {
  await connection.close();
}

/** A queue that the worker polls also while its machine is full, where its roles have one. */
function steadyQueue(): { readonly name: string; readonly type: number } {
  const { home, taskQueue, worker } = settings;
  if (worker.roles.includes('orchestration')) return { name: taskQueue, type: WORKFLOW };
  if (worker.roles.includes('deploy')) {
    return { name: poolQueue(taskQueue, 'deploy'), type: ACTIVITY };
  }
  if (worker.drain === 'hand-over') {
    return { name: hostQueue(taskQueue, workerIdentity(home).host), type: ACTIVITY };
  }
  const pool = worker.roles.includes('cpu') ? 'cpu' : 'gpu';
  return { name: poolQueue(taskQueue, pool), type: ACTIVITY };
}
