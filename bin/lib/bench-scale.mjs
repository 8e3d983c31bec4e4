// What a second worker adds, and what Temporal carries for each task.
//
// S1. Every number comes from real worker processes on one real server; the workers are two processes with homes of
//     their own on this one machine.
// S2. Ratios are taken within one run of the bench: what else the machine does slows both sides.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ROOT } from '../setup.mjs';
import { openEmbedded } from './embedded.mjs';
import { timed } from './stopwatch.mjs';

const TASKS = 48;
const CHAIN = 10;
/** Each worker has room for so many tasks of one core: they wait, so that the machine's own cores do not decide. */
const CORES = 4;

/**
 * @param {string} folder  an empty one
 * @returns {Promise<[what: string, value: number, remark?: string][]>}
 */
export async function benchScale(folder) {
  const service = await openEmbedded(path.join(folder, 'server'), {}, { needWorkers: false });
  const workers = [];
  const addWorker = async () =>
    workers.push(await startWorker(service, path.join(folder, `${workers.length}`)));
  try {
    await addWorker();
    await run(service, chainOf(1, 'true')); // warm
    const chain = await timed(() => run(service, chainOf(CHAIN, 'true')));
    const quickAlone = await timed(() => run(service, fanOf(TASKS, 'true', 0.1)));
    const slowAlone = await timed(() => run(service, fanOf(TASKS / 2, 'sleep 2', 1)));
    await addWorker();
    await run(service, chainOf(1, 'true'));
    const quickBoth = await timed(() => run(service, fanOf(TASKS, 'true', 0.1)));
    const slowBoth = await timed(() => run(service, fanOf(TASKS / 2, 'sleep 2', 1)));
    return rows({ chain, quickAlone, slowAlone, quickBoth, slowBoth });
  } finally {
    await Promise.all(workers.map(stopWorker));
    await service.close();
  }
}

function rows({ chain, quickAlone, slowAlone, quickBoth, slowBoth }) {
  const perSecond = ({ seconds, result }) => result.tasks / seconds;
  const ratio = (alone, both) => `${(alone.seconds / both.seconds).toFixed(2)} × one worker`;
  const events = quickAlone.result;
  return [
    ['Seconds for one task of a chain, its code doing nothing', chain.seconds / CHAIN],
    ['Tasks that do nothing, a second, one worker', perSecond(quickAlone)],
    ['- two workers on the same cores', perSecond(quickBoth), ratio(quickAlone, quickBoth)],
    [`Tasks of 2 s asking a core, a second, one worker of ${CORES} cores`, perSecond(slowAlone)],
    ['- two such workers', perSecond(slowBoth), ratio(slowAlone, slowBoth)],
    [
      'History events for a task',
      events.events / events.tasks,
      `${events.events} in a run of ${events.tasks}`,
    ],
    ['History bytes for a task', events.bytes / events.tasks],
    [
      'Actions (billable) for a task',
      events.actions / events.tasks,
      'counted as docs/scale.md says',
    ],
  ];
}

async function run({ client, modules, lease }, pipeline) {
  const name = pipeline.pipelineInfo.name;
  const text = modules.writePipeline(modules.readPipeline(JSON.stringify(pipeline), name));
  const { digest } = await client.publish({ name, text });
  const { runId } = await client.start({ pipeline: { name, digest }, options: { cache: false } });
  const view = await client.result(runId, { intervalMs: [50, 200] });
  if (view.status !== 'succeeded')
    throw new Error(`run ${runId} ${view.status}: ${view.error?.message}`);
  return { tasks: view.tasks.length, ...(await historyOf(lease, runId)) };
}

/** Events and bytes of a run's history, and what of it Temporal Cloud counts as an action. */
async function historyOf({ connection }, runId) {
  const { Client, Connection } = await import('@temporalio/client');
  const opened = await Connection.connect(connection);
  try {
    const handle = new Client({
      connection: opened,
      namespace: connection.namespace,
    }).workflow.getHandle(runId);
    const { events = [] } = await handle.fetchHistory();
    const { raw } = await handle.describe();
    const types = events.map(({ eventType }) => Number(eventType));
    return {
      events: types.length,
      bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0),
      actions: types.filter((type) => ACTIONS.has(type)).length,
    };
  } finally {
    await opened.close();
  }
}

// temporal.api.enums.v1.EventType: workflow started, activity started, timer started, child initiated, marker of local
// activities, search attributes. Heartbeats and queries are no events; docs/scale.md adds them.
const ACTIONS = new Set([1, 11, 17, 29, 25, 40]);

function fanOf(count, command, cpus) {
  return pipelineOf(`fan-${count}`, count, command, cpus, () => []);
}

function chainOf(count, command) {
  return pipelineOf(`chain-${count}`, count, command, 0.1, (index) =>
    index === 0 ? [] : [`task-${index - 1}`],
  );
}

function pipelineOf(name, count, command, cpus, dependentTasks) {
  const task = (_, index) => [
    `task-${index}`,
    {
      taskInfo: { name: `task-${index}` },
      componentRef: { name: 'comp-work' },
      dependentTasks: dependentTasks(index),
    },
  ];
  return {
    pipelineInfo: { name },
    schemaVersion: '2.1.0',
    components: { 'comp-work': { executorLabel: 'exec-work' } },
    deploymentSpec: {
      executors: {
        'exec-work': {
          container: {
            image: 'alpine',
            command: ['sh', '-c', command],
            resources: { resourceCpuRequest: `${cpus}` },
          },
        },
      },
    },
    root: { dag: { tasks: Object.fromEntries(Array.from({ length: count }, task)) } },
  };
}

async function startWorker({ settings, lease, environment }, home) {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin/anneal.mjs'), 'worker'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TEMPORAL_ADDRESS: lease.address,
      TEMPORAL_NAMESPACE: lease.namespace,
      ANNEAL_HOME: home,
      ANNEAL_STORE: settings.store,
      ANNEAL_PYTHON_ENV: environment.python,
      ANNEAL_WORKER_CPUS: `${CORES}`,
    },
  });
  let said = '';
  await new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Worker ready')) resolve();
    });
    child.once('exit', () => reject(new Error(`the worker ended: ${said}`)));
  });
  return child;
}

async function stopWorker(child) {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
