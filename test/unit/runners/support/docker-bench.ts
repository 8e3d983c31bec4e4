import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import {
  createDockerRunner,
  executeTask,
  ownerOf,
  type DockerRunnerOptions,
} from '../../../../src/runners/index.js';
import { openLocalStore } from '../../../../src/storage/index.js';
import { eventually } from './eventually.js';
import {
  lightweight as lightweightFor,
  shell as shellFor,
  type Container,
} from './kfp-component.js';
import { NAMES, type Bench, type LoggedTask, type TaskOfTest } from './runner-bench.js';

/** The image of the tests: KFP's executor, scikit-learn and a shell. */
export const TEST_IMAGE = process.env.ANNEAL_TEST_IMAGE ?? 'anneal-tasks:0.1.0';

export interface DockerBench extends Bench {
  readonly owner: string;
  readonly docker: Docker;
  /** Containers of this bench's store, running or not. */
  containers(): Promise<Docker.ContainerInfo[]>;
  /** Waits for a run's container to run, and describes it. */
  running(run: string): Promise<Docker.ContainerInspectInfo>;
}

/** A lightweight component on the image of the tests. */
export const lightweight = (functionText: string): Container => ({
  ...lightweightFor(functionText),
  image: TEST_IMAGE,
});

/** A script on the image of the tests. */
export const shell = (script: string, ...args: string[]): Container => ({
  ...shellFor(script, ...args),
  image: TEST_IMAGE,
});

/** Says why tests with real containers cannot run; undefined when they can. */
export async function missingDocker(): Promise<string | undefined> {
  try {
    await new Docker().getImage(TEST_IMAGE).inspect();
    return undefined;
  } catch (error) {
    const why = (error as { statusCode?: number }).statusCode === 404 ? 'image' : 'daemon';
    const reason = `SKIPPED: no container ${why} for ${TEST_IMAGE}; tests with real containers did not run`;
    console.warn(reason);
    return reason;
  }
}

/** A store and a runner of containers in a temporary folder. */
export async function openDockerBench(
  options: Partial<DockerRunnerOptions> = {},
): Promise<DockerBench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'anneal-docker-'));
  const store = await openLocalStore(path.join(folder, 'store'));
  const owner = ownerOf(store.uriOf('x'));
  const runner = await createDockerRunner({ home: folder, owner, graceSeconds: 1, ...options });
  const docker = new Docker();
  const containers = (): Promise<Docker.ContainerInfo[]> =>
    docker.listContainers({ all: true, filters: { label: [`anneal.owner=${owner}`] } });
  const running = (run: string): Promise<Docker.ContainerInspectInfo> =>
    eventually(
      `the container of ${run}`,
      async () => {
        const own = (await containers()).find(({ Labels }) => Labels['anneal.run'] === run);
        return own?.State === 'running' && docker.getContainer(own.Id).inspect();
      },
      60_000,
    );
  return {
    ...{ folder, store, runner, owner, docker, containers, running },
    execute: async (task: TaskOfTest): Promise<LoggedTask> => {
      const runId = task.run ?? `run-${randomUUID()}`;
      const request = {
        id: { runId, task: 'task', attempt: 1 },
        stagingKey: `runs/${runId}/task/1`,
        component: task.component ?? {},
        container: task.container,
        inputs: { parameters: {}, artifacts: {}, ...task.inputs },
        names: NAMES,
        timeoutSeconds: task.timeoutSeconds,
        platform: task.platform,
      };
      const signal = task.signal ?? new AbortController().signal;
      return { logPath: '', ...(await executeTask(request, { store, runner, signal })) };
    },
    attemptFolder: (run: string) => path.join(folder, 'store', 'runs', run, 'task', '1'),
    close: async () => {
      await runner.close();
      for (const { Id } of await containers()) {
        await docker.getContainer(Id).remove({ force: true, v: true });
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
