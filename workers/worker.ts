// The worker process: polls the task queues of its roles, interprets pipelines and runs their tasks until it is told
// to stop.
//
// K1. Prints one line {"ready":true} on stdout once it polls; everything else goes to stderr.
// K2. Ends with code 0 when its stdin closes (its supervisor is gone), on SIGTERM and on SIGINT. Of its own processes
//     none is left behind; tasks go on without it where its drain policy hands them over, else they are ended.

import { createActivities } from '../src/activities/index.js';
import { loadSettings } from '../src/config/index.js';
import { followedNeed, MachineCapacity, unaskedNeed } from '../src/runners/index.js';
import { observeActivities, openLogger } from '../src/telemetry/index.js';
import { openTracing } from '../src/telemetry/tracing/index.js';
import { ANNEAL_VERSION } from '../src/cli/version.js';
import { connect } from './connect.js';
import { createWorkers } from './create-workers.js';
import { installRuntime } from './install-runtime.js';
import { machineSize } from './machine-size.js';
import { openParts } from './open-parts.js';
import { publishShippedPipelines } from './publish-shipped-pipelines.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { onStopRequests } from './stop-requests.js';
import { TaskSlots } from './task-slots.js';
import { workerIdentity } from './worker-identity.js';

/** TERM's grace and some: a task that nobody follows any more is surely gone then (supervise.py, S3). */
const END_OF_ORPHAN_SECONDS = 15;

const settings = loadSettings(process.env);
if (settings.temporal.mode !== 'cluster') throw new Error('a worker needs TEMPORAL_ADDRESS');
const { namespace, ...server } = settings.temporal.connection;
const hurry = new AbortController();
const drain = {
  mode: settings.worker.drain,
  keptSeconds: settings.orphanSeconds + END_OF_ORPHAN_SECONDS,
  hurry: hurry.signal,
};
const total = machineSize(settings.worker);
const { isEmbedded: isOnly } = settings.worker;
const capacity = new MachineCapacity({ total, isOnly });
const runsElsewhere = ['kubernetes', 'sagemaker'].includes(settings.runner);
const typical = runsElsewhere ? followedNeed(total) : unaskedNeed(total);
const slots = new TaskSlots(capacity, { typical, isOnly });
const identity = workerIdentity(settings.home);

const { telemetry, runner: defaultRunner } = settings;
const logger = openLogger(telemetry, process.stderr);
const metrics = installRuntime({ telemetry, logger, defaultRunner });
const tracing = telemetry.isTraced
  ? await openTracing({ serviceName: 'anneal-worker', version: ANNEAL_VERSION })
  : undefined;
const [connection, parts] = await Promise.all([connect(server), openParts(settings, logger)]);
const [searchAttributes] = await Promise.all([
  ensureSearchAttributes(connection, namespace),
  publishShippedPipelines(parts.store),
]);
const activities = createActivities({
  ...parts,
  searchAttributes,
  identity,
  drain,
  admit: capacity.admit,
  traceVariables: tracing && (() => tracing.variables()),
});
const observe = observeActivities(metrics);
const request = {
  ...{ settings, connection, namespace, activities, identity, drain, slots },
  ...{ observe, tracing: tracing?.worker },
};
const workers = await createWorkers(request);

const stop = (): void => {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
};
onStopRequests(stop, () => hurry.abort());
const running = workers.map((worker) => worker.run());
process.stdout.write('{"ready":true}\n');
try {
  await Promise.all(running);
} finally {
  stop();
  await Promise.allSettled(running);
  await parts.runners.close();
  await connection.close();
  await tracing?.close();
  process.stdin.destroy(); // An input that stays open would keep the process.
}
