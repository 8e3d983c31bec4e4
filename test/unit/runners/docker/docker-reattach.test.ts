// One execution id names one container, whoever asks and however often a worker dies (P1, S1, S2, W4, R1, R2).

import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDockerRunner } from '../../../../src/runners/index.js';
import {
  missingDocker,
  openDockerBench,
  shell,
  TEST_IMAGE,
  type DockerBench,
} from '../support/docker-bench.js';
import { eventually } from '../support/eventually.js';
import { rejection } from '../support/runner-bench.js';
import {
  compileWorker,
  startWorker,
  type StartedWorker,
  type WorkerOrder,
} from '../support/worker-process.js';

const COMPONENT = {
  outputDefinitions: { parameters: { Output: { parameterType: 'STRING' } } },
} as const;
const LONG_MS = 60_000;

// Containers start in a second, on a loaded machine in many.
vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(await missingDocker())('finding a container again', () => {
  let compiled: string;
  let bench: DockerBench;

  beforeAll(async () => {
    compiled = await mkdtemp(path.join(tmpdir(), 'anneal-worker-'));
    await compileWorker(compiled);
  });
  afterAll(() => rm(compiled, { recursive: true, force: true }));
  beforeEach(async () => {
    bench = await openDockerBench({ orphanSeconds: 30 });
  });
  afterEach(() => bench.close());

  /** Prints one line when it starts, and waits for the gate: a file in a volume. */
  const gated = shell(
    'echo started; while [ ! -e /gate/open ]; do sleep 0.1; done; mkdir -p "$(dirname "$0")"; printf done > "$0"',
    "{{$.outputs.parameters['Output'].output_file}}",
  );
  const platform = {
    variables: [],
    mounts: [
      { where: 'pvcMount[0]', kind: 'volume', name: 'gate', mountPath: '/gate', optional: false },
    ],
    fields: [],
    labels: {},
    annotations: {},
  } as const;
  const open = (): Promise<void> => writeFile(path.join(bench.folder, 'volumes/gate/open'), '');
  function order(runId: string, options: object = {}): WorkerOrder {
    return {
      storeFolder: path.join(bench.folder, 'store'),
      runId,
      runner: 'docker',
      container: gated,
      component: COMPONENT,
      platform,
      options: {
        home: bench.folder,
        owner: bench.owner,
        orphanSeconds: 30,
        graceSeconds: 1,
        ...options,
      },
    };
  }
  async function kill(worker: StartedWorker): Promise<void> {
    const gone = once(worker.child, 'exit');
    worker.child.kill('SIGKILL');
    await gone;
  }
  const task = (run: string) => ({ run, container: gated, component: COMPONENT, platform });

  test('after kill -9 of the worker another one waits for the same container', async () => {
    const first = startWorker(compiled, order('killed'));
    const { Id } = await bench.running('killed');
    await kill(first);

    const second = bench.execute(task('killed'));
    expect((await bench.running('killed')).Id).toBe(Id);
    await open();
    const { outputs, logPath } = await second;

    expect(outputs.parameters.Output).toBe('done');
    expect(await readFile(logPath, 'utf8')).toBe('started\n');
  });

  test('a container that finished while no worker lived is not run again', async () => {
    const first = startWorker(compiled, order('finished'));
    const { Id } = await bench.running('finished');
    await kill(first);
    await open();
    const over = await eventually(
      'its end',
      async () => {
        const { State } = await bench.docker.getContainer(Id).inspect();
        return !State.Running && State;
      },
      LONG_MS,
    );

    const { outputs, finishedAt, logPath } = await bench.execute(task('finished'));

    expect(outputs.parameters.Output).toBe('done');
    expect(finishedAt).toBe(new Date(over.FinishedAt).toISOString());
    expect(await readFile(logPath, 'utf8')).toBe('started\n');
  });

  test('of three workers that start one execution at once, one starts it and all get its result', async () => {
    const workers = [1, 2, 3].map(() => startWorker(compiled, order('raced')));
    await bench.running('raced');
    expect((await bench.containers()).length).toBe(1);
    await open();

    const answers = await Promise.all(workers.map(({ answer }) => answer));

    expect(answers.map((answer) => answer?.outputs?.parameters.Output ?? answer?.message)).toEqual(
      Array(3).fill('done'),
    );
  });

  test('a record of the end is taken without any container', async () => {
    const first = bench.execute(task('recorded'));
    await bench.running('recorded');
    await open();
    const { startedAt } = await first;

    const again = await bench.execute(task('recorded'));

    expect(again.outputs.parameters.Output).toBe('done');
    expect(again.startedAt).toBe(startedAt);
  });

  test('a container that no worker asks for is ended by a worker of the same store only (R1, R2)', async () => {
    const worker = startWorker(compiled, order('orphan'));
    const { Id } = await bench.running('orphan');
    await kill(worker);
    const options = { home: bench.folder, orphanSeconds: 1, graceSeconds: 1 };
    const messages: string[] = [];

    const stranger = await createDockerRunner({ ...options, owner: 'somebody-else' });
    const own = await createDockerRunner({
      ...options,
      owner: bench.owner,
      onProgress: (message) => messages.push(message),
    });
    await eventually('its end', async () => (await bench.containers()).length === 0, LONG_MS);
    await Promise.all([stranger.close(), own.close()]);

    expect(messages.join()).toContain('no worker follows it');
    await expect(bench.docker.getContainer(Id).inspect()).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  test('a container of somebody else with the name is left alone, and named', async () => {
    const first = startWorker(compiled, order('taken'));
    const info = await bench.running('taken');
    const name = info.Name.slice(1);
    await kill(first);
    await bench.docker.getContainer(info.Id).remove({ force: true });
    const other = await bench.docker.createContainer({ name, Image: TEST_IMAGE, Cmd: ['true'] });

    const error = await rejection(bench.execute(task('taken')));

    expect(error).toMatchObject({ code: 'E_RUNNER', retryable: false });
    expect(error.message).toContain(name);
    await bench.docker.getContainer(other.id).remove();
  });

  test('a container removed by hand is a lost task', async () => {
    const running = rejection(bench.execute(task('removed')));
    const { Id } = await bench.running('removed');
    await bench.docker.getContainer(Id).remove({ force: true });

    expect(await running).toMatchObject({ code: 'E_TASK_LOST', retryable: true });
  });

  test('the containers of a run that has ended are removed', async () => {
    const worker = startWorker(compiled, order('ended'));
    await bench.running('ended');
    await kill(worker);

    await bench.runner.endRun?.('ended');

    expect(await bench.containers()).toEqual([]);
  });
});

describe('without a daemon', () => {
  test('the runner says so before anything starts, with the remedy', async () => {
    const variables = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

    const error = await rejection(createDockerRunner({ home: '/x', owner: 'x', variables }));

    expect(error).toMatchObject({ code: 'E_RUNNER', retryable: false });
    expect(error.message).toContain('unix:///nowhere/docker.sock');
  });

  test('a daemon of another machine is refused', async () => {
    const variables = { DOCKER_HOST: 'tcp://build.example.com:2375' };

    const error = await rejection(createDockerRunner({ home: '/x', owner: 'x', variables }));

    expect(error).toMatchObject({ code: 'E_RUNNER' });
    expect(error.message).toContain('another machine');
  });

  test('podman is refused by name', async () => {
    const socket = path.join(await mkdtemp(path.join(tmpdir(), 'anneal-podman-')), 'podman.sock');
    const answer = {
      ApiVersion: '1.41',
      Components: [{ Name: 'Podman Engine', Version: '4.3.1' }],
    };
    const server = createServer((_, response) => response.end(JSON.stringify(answer)));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const variables = { DOCKER_HOST: `unix://${socket}` };

    const error = await rejection(createDockerRunner({ home: '/x', owner: 'x', variables }));
    server.closeAllConnections();
    server.close();
    await rm(path.dirname(socket), { recursive: true });

    expect(error).toMatchObject({ code: 'E_RUNNER', retryable: false });
    expect(error.message).toContain('podman');
  });
});
