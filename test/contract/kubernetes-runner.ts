// What the kubernetes runner must do, on whatever cluster: real Python in the pods, a real S3 server behind them.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ArtifactRef, TaskValues } from '../../src/contract/index.js';
import { isAnnealError, type AnnealError } from '../../src/errors/index.js';
import type { ComponentSpecJson, ContainerSpecJson } from '../../src/ir/index.js';
import { platformSettings, type PlatformSettings } from '../../src/ir/platform/index.js';
import {
  executeTask,
  LET_GO,
  openKubernetesRunner,
  type ExecutedTask,
  type KubernetesRunnerOptions,
  type Runner,
} from '../../src/runners/index.js';
import { openStore, type ArtifactStore } from '../../src/storage/index.js';
import { makeBucket, optionsFor, TEST_CREDENTIALS } from '../support/s3/s3-server.js';
import type { TestCluster } from '../support/kubernetes/test-cluster.js';
import { waitUntil } from '../support/wait-until.js';
import { startMoto, type MotoServer } from './deploy/moto-server.js';

const COPY: ComponentSpecJson = {
  inputDefinitions: { artifacts: { data: { artifactType: { schemaTitle: 'system.Dataset' } } } },
  outputDefinitions: {
    parameters: { size: { parameterType: 'NUMBER_INTEGER' } },
    artifacts: { model: { artifactType: { schemaTitle: 'system.Model' } } },
  },
};
const TEXT: ComponentSpecJson = {
  outputDefinitions: { parameters: { text: { parameterType: 'STRING' } } },
};
const TEXT_PATH = "{{$.outputs.parameters['text'].output_file}}";

interface Wanted {
  readonly component?: ComponentSpecJson;
  readonly container: Partial<ContainerSpecJson>;
  readonly inputs?: TaskValues;
  readonly task?: string;
  readonly attempt?: number;
  readonly timeoutSeconds?: number;
  readonly platform?: PlatformSettings;
  readonly runner?: Runner;
  readonly signal?: AbortSignal;
}

/** Python that runs until a file appears, and says what it is about. */
function untilFile(file: string): Partial<ContainerSpecJson> {
  const source = `import os, time, sys\nprint("begun", flush=True)\nwhile not os.path.exists(${JSON.stringify(file)}): time.sleep(0.05)\nopen(sys.argv[1], "w").write("done")`;
  return { command: ['python3', '-c', source], args: [TEXT_PATH] };
}

/** @param moto  Python that has moto's server */
export function describeKubernetesRunner(
  moto: string,
  openCluster: () => Promise<TestCluster>,
): void {
  let cluster: TestCluster;
  let server: MotoServer;
  let folder: string;
  /** Pods have a /tmp of their own. */
  let gates: string;
  let bucket: string;
  let store: ArtifactStore;
  let runner: Runner;
  const opened: Runner[] = [];

  beforeAll(async () => {
    Object.assign(process.env, TEST_CREDENTIALS);
    [server, cluster] = await Promise.all([startMoto(moto), openCluster()]);
    folder = await mkdtemp(path.join(tmpdir(), 'anneal-kubernetes-'));
    gates = await mkdtemp('/var/tmp/anneal-gates-');
    bucket = await makeBucket(server.url);
    store = await openStore(`s3://${bucket}/project`, {
      cacheFolder: path.join(folder, 'cache'),
      s3: optionsFor(server.url),
    });
    runner = await open();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(1).map((each) => each.close()));
  });

  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await cluster.close();
    server.close();
    await rm(folder, { recursive: true, force: true });
    await rm(gates, { recursive: true, force: true });
  });

  async function open(options: Partial<KubernetesRunnerOptions> = {}): Promise<Runner> {
    const made = await openKubernetesRunner({
      store,
      storeAddress: `s3://${bucket}/project`,
      s3: optionsFor(server.url),
      config: cluster.config,
      tasksImage: 'anneal-tasks:test',
      pullSecrets: [],
      storeSecret: 'anneal-s3',
      runAs: 10001,
      keepSeconds: 600,
      pendingSeconds: 60,
      ...options,
    });
    opened.push(made);
    return made;
  }

  function execute(wanted: Wanted): Promise<ExecutedTask> {
    const { task = `task-${randomUUID().slice(0, 8)}`, attempt = 1 } = wanted;
    return executeTask(
      {
        id: { runId: 'run-1', task, attempt },
        stagingKey: `runs/run-1/${task}/${attempt}`,
        component: wanted.component ?? TEXT,
        container: { image: 'python:3.11', ...wanted.container },
        inputs: wanted.inputs ?? { parameters: {}, artifacts: {} },
        names: {
          ...{ jobName: 'run-1', jobResourceName: 'run-1', jobId: 'run-1' },
          ...{ taskName: task, taskId: task, pipelineRoot: '' },
        },
        timeoutSeconds: wanted.timeoutSeconds,
        platform: wanted.platform,
      },
      { store, runner: wanted.runner ?? runner, signal: wanted.signal ?? never() },
    );
  }

  const refusal = (work: Promise<unknown>): Promise<AnnealError> =>
    work.then(
      () => Promise.reject(new Error('it succeeded')),
      (error: unknown) => (isAnnealError(error) ? error : Promise.reject(error as Error)),
    );

  async function dataset(name: string, content: string): Promise<ArtifactRef> {
    const staging = await store.stage(`runs/run-0/${name}/1`);
    await writeFile(path.join(staging.folder, 'data.csv'), content);
    const { digest, sizeBytes } = (await staging.publish('data.csv'))!;
    const uri = staging.outputUri('data.csv');
    return {
      name: 'data',
      type: 'system.Dataset',
      schemaVersion: '0.0.1',
      uri,
      digest,
      sizeBytes,
      metadata: {},
    };
  }

  const jobOf = (task: string) => async () =>
    (await cluster.jobs()).find(({ metadata }) => metadata?.annotations?.['anneal/task'] === task);

  describe('a task', () => {
    test('gets its inputs, and its outputs are in the store under the digests of their bytes', async () => {
      const data = await dataset('import', 'a,b\n1,2\n');
      const source =
        'import sys, os\ntext = open(sys.argv[1]).read()\nos.makedirs(sys.argv[2])\nopen(sys.argv[2] + "/weights", "w").write(text * 2)\nopen(sys.argv[3], "w").write(str(len(text)))';

      const done = await execute({
        component: COPY,
        container: {
          command: ['python3', '-c', source],
          args: [
            "{{$.inputs.artifacts['data'].path}}",
            "{{$.outputs.artifacts['model'].path}}",
            "{{$.outputs.parameters['size'].output_file}}",
          ],
        },
        inputs: { parameters: {}, artifacts: { data: [data] } },
      });

      const hex = createHash('sha256').update('a,b\n1,2\n'.repeat(2)).digest('hex');
      const digest = `sha256:${createHash('sha256').update(`${hex}  weights\n`).digest('hex')}`;
      const [model] = done.outputs.artifacts['model']!;
      expect(done.outputs.parameters).toEqual({ size: 8 });
      expect(model).toMatchObject({ digest, sizeBytes: 16, type: 'system.Model' });
      expect(await store.inspect(model!.uri)).toMatchObject({ digest, kind: 'folder' });
    });

    test('reads its arguments byte for byte, dollar signs too', async () => {
      const text = '$(HOME) $$ ${x} $(python3 -c 1) "quoted" \\ ü\n--flag';

      const { outputs } = await execute({
        container: {
          command: ['python3', '-c', 'import sys; open(sys.argv[1], "w").write(sys.argv[2])'],
          args: [TEXT_PATH, text],
          env: [{ name: 'HOME', value: '/tmp' }],
        },
      });

      expect(outputs.parameters).toEqual({ text });
    });

    test('has neither the credentials of the store nor a token of the cluster', async () => {
      const source =
        'import os, sys\nopen(sys.argv[1], "w").write(",".join(sorted(k for k in os.environ if "AWS" in k or "KUBE" in k)) + str(os.path.exists("/var/run/secrets/kubernetes.io")))';

      const { outputs } = await execute({
        container: { command: ['python3', '-c', source], args: [TEXT_PATH] },
      });

      expect(outputs.parameters).toEqual({ text: 'False' });
    });

    test('gets a secret as a variable, whose value the Job does not hold', async () => {
      const platform = platformSettings(
        { secretAsEnv: [{ keyToEnv: [{ secretKey: 'value', envVar: 'TOKEN' }] }] },
        { 'secretAsEnv[0]': 'token' },
      );
      const source = 'import os, sys; open(sys.argv[1], "w").write(os.environ["TOKEN"])';

      const { outputs } = await execute({
        task: 'with-secret',
        container: { command: ['python3', '-c', source], args: [TEXT_PATH] },
        platform,
      });

      expect(outputs.parameters).toEqual({ text: 'a secret value' });
      expect(JSON.stringify(await jobOf('with-secret')())).not.toContain('a secret value');
    });

    test('that fails ends with its exit code and the end of its log, which is stored', async () => {
      const failing = execute({
        task: 'failing',
        container: { command: ['python3', '-c', 'print("no such column"); raise SystemExit(3)'] },
      });

      const error = await refusal(failing);

      expect(error).toMatchObject({ code: 'E_TASK_EXIT', retryable: false });
      expect(error.message).toContain('exit code 3: no such column');
    });

    test("reports an error of its own through the pod's termination message", async () => {
      const report = { code: 'E_DATA', message: 'The label column is missing.', hint: 'Name it.' };
      const source = `import os; open(os.environ["ANNEAL_ERROR_FILE"], "w").write(${JSON.stringify(JSON.stringify(report))}); raise SystemExit(1)`;

      const error = await refusal(execute({ container: { command: ['python3', '-c', source] } }));

      expect(error).toMatchObject({ code: 'E_DATA', message: report.message, hint: 'Name it.' });
    });

    test('that runs longer than its limit is ended', async () => {
      const error = await refusal(
        execute({
          container: { command: ['python3', '-c', 'import time; time.sleep(600)'] },
          timeoutSeconds: 5,
        }),
      );

      expect(error.code).toBe('E_TASK_TIMEOUT');
    });

    test('whose input is no longer what lineage says never starts', async () => {
      const data = await dataset('changed', 'before');
      const digest = `sha256:${'0'.repeat(64)}`;

      const error = await refusal(
        execute({
          component: COPY,
          container: { command: ['python3', '-c', '1'] },
          inputs: { parameters: {}, artifacts: { data: [{ ...data, digest }] } },
        }),
      );

      expect(error.code).toBe('E_DIGEST');
    });
  });

  describe('what cannot start', () => {
    test('an image of no possible name is refused at once, and its Job removed', async () => {
      const error = await refusal(
        execute({ task: 'bad-image', container: { image: 'registry.test//x', command: ['true'] } }),
      );

      expect(error.code).toBe('E_IMAGE');
      expect(await jobOf('bad-image')()).toBeUndefined();
    });

    test('an image that is not there is waited for, then refused', async () => {
      const impatient = await open({ pendingSeconds: 2 });

      const error = await refusal(
        execute({ runner: impatient, container: { image: 'missing:1', command: ['true'] } }),
      );

      expect(error).toMatchObject({ code: 'E_IMAGE', retryable: false });
      expect(error.message).toContain('missing:1');
    });

    test('a missing secret is named', async () => {
      const impatient = await open({ pendingSeconds: 2 });
      const platform = platformSettings(
        { secretAsEnv: [{ keyToEnv: [{ secretKey: 'k', envVar: 'X' }] }] },
        { 'secretAsEnv[0]': 'no-such-secret' },
      );

      const error = await refusal(
        execute({ runner: impatient, container: { command: ['true'] }, platform }),
      );

      expect(error.code).toBe('E_SECRET');
      expect(error.message).toContain('no-such-secret');
    });

    test('a pod that no node takes is given up when patience is over', async () => {
      const impatient = await open({ pendingSeconds: 2 });
      const platform = platformSettings(
        { nodeSelector: { labels: { 'anneal-test/no-such-node': 'true' } } },
        {},
      );

      const error = await refusal(
        execute({ runner: impatient, container: { command: ['true'] }, platform }),
      );

      expect(error.code).toBe('E_RUNNER');
      expect(error.message).toContain('node affinity/selector');
    });
  });

  describe('a Job outlives its worker', () => {
    test('and the next worker waits for the same Job', async () => {
      const gate = path.join(gates, 'gate-reattach');
      const first = await open();
      const abort = new AbortController();
      const wanted = { task: 'reattached', container: untilFile(gate) };
      const lost = refusal(execute({ ...wanted, runner: first, signal: abort.signal }));
      const job = await waitUntil('the Job is there', jobOf('reattached'));
      abort.abort(LET_GO);
      expect((await lost).code).toBe('E_TASK_LOST');
      await first.close();

      const second = execute({ ...wanted, runner: await open() });
      await letPass(gate);

      expect((await second).outputs.parameters).toEqual({ text: 'done' });
      expect((await jobOf('reattached')())?.metadata?.uid).toBe(job.metadata?.uid);
      expect(cluster.node.started.filter((name) => name.includes('reattached'))).toHaveLength(1);
    });

    test('and what a finished one stored is taken as it is', async () => {
      const wanted = {
        task: 'finished',
        container: {
          command: [
            'python3',
            '-c',
            'import sys, os; open(sys.argv[1], "w").write(os.urandom(8).hex())',
          ],
          args: [TEXT_PATH],
        },
      };
      const first = await execute(wanted);

      const second = await execute({ ...wanted, runner: await open() });

      expect(second.outputs).toEqual(first.outputs);
      expect(second.startedAt).toBe(first.startedAt);
      expect(cluster.node.started.filter((name) => name.includes('finished'))).toHaveLength(1);
    });
  });

  describe('what the cluster takes away is lost, not failed', () => {
    test.each(['evict', 'delete'] as const)('%s: the next try starts a fresh pod', async (how) => {
      const gate = path.join(gates, `gate-${how}`);
      const task = `taken-by-${how}`;
      const lost = refusal(execute({ task, container: untilFile(gate) }));
      const pod = await waitUntil('the task runs', () => runningPod(task));
      if (how === 'evict') await cluster.node.evict(pod);
      else await cluster.deletePod(pod);
      expect(await lost).toMatchObject({ code: 'E_TASK_LOST', retryable: true });

      const again = execute({ task, container: untilFile(gate) });
      await letPass(gate);

      expect((await again).outputs.parameters).toEqual({ text: 'done' });
      expect(cluster.node.started.filter((name) => name.includes(task))).toHaveLength(2);
    });
  });

  test('cancel removes the Job and its pods before it returns', async () => {
    const abort = new AbortController();
    const canceled = refusal(
      execute({ task: 'canceled', container: untilFile('/no-such-file'), signal: abort.signal }),
    );
    await waitUntil('the task runs', () => runningPod('canceled'));

    abort.abort('canceled');

    expect((await canceled).code).toBe('E_TASK_CANCELED');
    expect(await jobOf('canceled')()).toBeUndefined();
    expect((await cluster.podNames()).filter((name) => name.includes('canceled'))).toEqual([]);
  });

  test('broken watches and logs change nothing', async () => {
    const gate = path.join(gates, 'gate-disturbed');
    const running = execute({ task: 'disturbed', container: untilFile(gate) });
    await waitUntil('the task runs', () => runningPod('disturbed'));

    await cluster.disturb();
    await letPass(gate);

    const { outputs, logPath } = await running;
    expect(outputs.parameters).toEqual({ text: 'done' });
    expect(await readFile(logPath!, 'utf8')).toBe('begun\n');
  });

  function runningPod(task: string): string | undefined {
    const found = [...cluster.node.pods].find(
      ([name, pod]) => name.includes(task) && pod.logs.has('task') && !pod.isStopping,
    );
    return found?.[0];
  }
}

/** Lets the tasks that wait for a file end. */
function letPass(gate: string): Promise<void> {
  return writeFile(gate, '');
}

function never(): AbortSignal {
  return new AbortController().signal;
}
