// Runs of test pipelines on an embedded service of their own, for bin/record-histories.mjs.

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { ROOT } from '../setup.mjs';
import { openEmbedded } from './embedded.mjs';

const SLICED_QUEUE = 'sliced';
/** So few that a loop of five has to be cut. */
const TASKS_PER_HISTORY = 4;
const CHECKS = 3;
/** By the name they are published under. */
const FILES = {
  branches: 'test/histories/pipelines/branches.yaml',
  cleanup: 'test/histories/pipelines/cleanup.yaml',
  failing: 'test/histories/pipelines/failing.yaml',
  loop: 'test/histories/pipelines/loop.yaml',
  retries: 'test/features/retries/pipeline.yaml',
};

export class HistoryRuns {
  #runId = '';

  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Opens a service. @param {string} home  a folder that does not exist yet */
  static async open(home) {
    const service = await openEmbedded(home, { ANNEAL_HEARTBEAT_SECONDS: '2' });
    const connection = await Connection.connect(service.lease.connection);
    const temporal = new Client({ connection, namespace: service.lease.namespace });
    return new HistoryRuns({ ...service, service, temporal });
  }

  /** Folders of this machine, and what stands for each in a history. */
  get places() {
    const { home, projectFolder } = this.settings;
    const pythonEnvironment = path.dirname(path.dirname(this.environment.python));
    return {
      [ROOT]: '/anneal',
      [home]: '/project/.anneal',
      [projectFolder]: '/project',
      [pythonEnvironment]: '/environment',
      [hostname()]: 'host',
    };
  }

  /** Gives the next run its id. */
  named(runId) {
    this.#runId = runId;
    return this;
  }

  /** A file that a task may make. */
  newFile() {
    return path.join(this.settings.projectFolder, `${this.#runId}.txt`);
  }

  async toTheEnd(pipeline, parameters) {
    await this.#start(pipeline, parameters);
    return this.client.result(this.#runId);
  }

  async cancelIn(task, pipeline, parameters) {
    await this.#start(pipeline, parameters);
    await this.#running(task);
    await this.client.cancel(this.#runId);
    return this.client.result(this.#runId);
  }

  async killWorkerIn(task, pipeline, parameters) {
    await this.#start(pipeline, parameters);
    await this.#running(task);
    const state = path.join(this.settings.home, 'service', 'state.json');
    const [, worker] = JSON.parse(readFileSync(state, 'utf8')).processes; // the first is the server
    process.kill(worker.pid, 'SIGKILL');
    return this.client.result(this.#runId);
  }

  /** Watches an endpoint without a model, `monitor:<endpoint>`: its checks fail, and are recorded. */
  async watch(pipeline, parameters) {
    const { monitors } = this.client;
    const endpoint = this.#runId.slice('monitor:'.length);
    const captured = 's3://captured/requests';
    const request = { endpoint, pipeline: { name: pipeline }, parameters, captured, every: '1s' };
    await monitors.start(request);
    while ((await monitors.show(endpoint)).state.checks < CHECKS) await delay(100);
    await monitors.pause(endpoint);
    await monitors.resume(endpoint);
    await monitors.stop(endpoint);
  }

  /** Runs on a worker of our own, whose plans put few tasks into one history. */
  async inSlices(pipeline, parameters) {
    const { digest, name } = await this.#publish(pipeline);
    const connection = await NativeConnection.connect(this.lease.connection);
    const parts = await this.modules.openParts(this.settings, {
      info: (line) => void process.stderr.write(`${line}\n`),
    });
    const worker = await this.#slicingWorker(connection, parts);
    try {
      const input = { pipeline: { name, digest }, parameters, options: { baseFolder: ROOT } };
      const options = { taskQueue: SLICED_QUEUE, workflowId: this.#runId, args: [input] };
      return await worker.runUntil(this.temporal.workflow.execute('pipeline', options));
    } finally {
      await parts.runners.close();
      await connection.close();
    }
  }

  /** The histories of a run and of its slices. */
  async histories(runId) {
    const found = [];
    const query = `WorkflowId = "${runId}" OR WorkflowId STARTS_WITH "${runId}/"`;
    for await (const { workflowId } of this.temporal.workflow.list({ query })) {
      const history = await this.temporal.workflow.getHandle(workflowId).fetchHistory();
      found.push({ name: workflowId.replaceAll(/[/:]/g, '-'), workflowId, history });
    }
    return found;
  }

  async close() {
    await this.temporal.connection.close();
    await this.service.close();
  }

  async #start(pipeline, parameters) {
    const reference = await this.#publish(pipeline);
    const options = { baseFolder: ROOT };
    await this.client.start({ pipeline: reference, parameters, runId: this.#runId, options });
  }

  async #publish(pipeline) {
    if (FILES[pipeline] === undefined) return { name: pipeline };
    const file = path.join(ROOT, FILES[pipeline]);
    const text = this.modules.writePipeline(
      this.modules.readPipeline(readFileSync(file, 'utf8'), file),
    );
    const { name, digest } = await this.client.publish({ name: pipeline, text });
    return { name, digest };
  }

  async #running(task) {
    for (;;) {
      const { tasks } = await this.client.show(this.#runId);
      if (tasks.some(({ name, status }) => name.endsWith(task) && status === 'running')) return;
      await delay(100);
    }
  }

  async #slicingWorker(connection, parts) {
    const activities = this.modules.createActivities({
      ...parts,
      searchAttributes: true,
      identity: { host: 'here', worker: 'recorder' },
      drain: { mode: 'end', keptSeconds: 1, hurry: new AbortController().signal },
      admit: () => Promise.resolve(() => undefined),
    });
    const prepareRun = async (request) => ({
      ...(await activities.prepareRun(request)),
      routing: undefined,
      tasksPerHistory: TASKS_PER_HISTORY,
    });
    return Worker.create({
      connection,
      namespace: this.lease.namespace,
      taskQueue: SLICED_QUEUE,
      workflowBundle: { code: readFileSync(this.modules.WORKFLOW_BUNDLE, 'utf8') },
      activities: { ...activities, prepareRun },
    });
  }
}
