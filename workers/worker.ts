// The worker process: polls the task queue, interprets pipelines and runs their tasks until it is told to stop.
//
// K1. Prints one line {"ready":true} on stdout once it polls; everything else goes to stderr.
// K2. Ends when its stdin closes (its supervisor is gone), on SIGTERM and on SIGINT, and leaves no process behind.

import { readFile } from 'node:fs/promises';
import { Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../src/activities/index.js';
import { loadSettings } from '../src/config/index.js';
import { TASK_QUEUE } from '../src/contract/index.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { connect } from './connect.js';
import { openParts } from './open-parts.js';
import { publishShippedPipelines } from './publish-shipped-pipelines.js';
import { WORKFLOW_BUNDLE } from './workflow-bundle.js';
import { workerLogger } from './worker-logger.js';

/** Activities at once: most of them wait for a process of their own. */
const MAX_ACTIVITIES = 16;
/** How long a run waits for the worker that has it in memory before another may go on with it. The SDK's default is 10 s. */
const DEAD_WORKER_MS = 2000;

const settings = loadSettings(process.env);
if (settings.temporal.mode !== 'cluster') throw new Error('a worker needs TEMPORAL_ADDRESS');
const { namespace, ...server } = settings.temporal.connection;

Runtime.install({ logger: workerLogger(settings.debug), shutdownSignals: ['SIGTERM', 'SIGINT'] });
const [connection, parts] = await Promise.all([connect(server), openParts(settings)]);
const [searchAttributes] = await Promise.all([
  ensureSearchAttributes(connection, namespace),
  publishShippedPipelines(parts.store),
]);
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: TASK_QUEUE,
  workflowBundle: { code: await readFile(WORKFLOW_BUNDLE, 'utf8') },
  activities: createActivities({ ...parts, searchAttributes }),
  maxConcurrentActivityTaskExecutions: MAX_ACTIVITIES,
  stickyQueueScheduleToStartTimeout: DEAD_WORKER_MS,
});

process.stdin.on('end', () => stop()).resume();
const running = worker.run();
process.stdout.write('{"ready":true}\n');
try {
  await running;
} finally {
  await parts.runners.close();
  await connection.close();
}

function stop(): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
