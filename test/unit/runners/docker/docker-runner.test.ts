// Real containers: what a task gets (H1, H2, V1, P1), and what shows of the machine around it.

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  lightweight,
  missingDocker,
  openDockerBench,
  shell,
  TEST_IMAGE,
  type DockerBench,
} from '../support/docker-bench.js';
import { rejection, type TaskOfTest } from '../support/runner-bench.js';

const OUTPUT = { parameters: { Output: { parameterType: 'STRING' } } } as const;
const STRING_OUTPUT = { outputDefinitions: OUTPUT };
const DATASET = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };

const NO_PLATFORM = { variables: [], mounts: [], fields: [], labels: {}, annotations: {} };

// Containers start in a second, on a loaded machine in many.
vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(await missingDocker())('docker runner', () => {
  let bench: DockerBench;
  beforeAll(async () => {
    bench = await openDockerBench();
  });
  afterAll(() => bench.close());

  /** What a shell script prints. */
  async function said(script: string, task: Partial<TaskOfTest> = {}): Promise<string> {
    const { logPath } = await bench.execute({
      ...task,
      container: { ...shell(script), ...task.container },
    });
    return readFile(logPath, 'utf8');
  }

  describe('what a task is given', () => {
    test('a lightweight component gets typed parameters and returns typed outputs', async () => {
      const { outputs } = await bench.execute({
        container: lightweight(
          'def component(a: int, b: float, s: str, flag: bool, items: list, m: Output[Metrics]) -> NamedTuple("R", n=int, d=dict):\n' +
            '    m.log_metric("accuracy", b)\n' +
            '    return (a + len(items), {"s": s, "flag": flag})',
        ),
        component: {
          outputDefinitions: {
            parameters: { n: { parameterType: 'NUMBER_INTEGER' }, d: { parameterType: 'STRUCT' } },
            artifacts: {
              m: { artifactType: { schemaTitle: 'system.Metrics', schemaVersion: '0.0.1' } },
            },
          },
        },
        inputs: { parameters: { a: 1, b: 0.5, s: 'x', flag: true, items: [1, 2] } },
      });

      expect(outputs.parameters).toEqual({ n: 3, d: { s: 'x', flag: true } });
      expect(outputs.artifacts.m![0]).toMatchObject({
        type: 'system.Metrics',
        metadata: { accuracy: 0.5 },
      });
    });

    test('an artifact travels from one container to the next, by content, and cannot be changed there (P1)', async () => {
      const produced = await bench.execute({
        container: lightweight(
          'def component(data: Output[Dataset]):\n    open(data.path, "w").write("rows")',
        ),
        component: { outputDefinitions: { artifacts: { data: DATASET } } },
      });

      const consumed = await bench.execute({
        container: lightweight(
          'def component(data: Input[Dataset]) -> str:\n' +
            '    text = open(data.path).read()\n' +
            '    try:\n        open(data.path, "w")\n' +
            '    except OSError as error:\n        return f"{text} {data.path} {type(error).__name__}"',
        ),
        component: { inputDefinitions: { artifacts: { data: DATASET } }, ...STRING_OUTPUT },
        inputs: { artifacts: { data: produced.outputs.artifacts.data! } },
      });

      expect(consumed.outputs.parameters.Output).toMatch(
        /^rows \/anneal\/inputs\/0\/data (OSError|PermissionError)$/,
      );
    });

    test('a container component runs with Concat, IfPresent and its placeholders', async () => {
      const { outputs } = await bench.execute({
        container: {
          image: TEST_IMAGE,
          command: ['sh', '-c', 'mkdir -p "$(dirname "$0")" && printf "%s|" "$@" > "$0"'],
          args: [
            "{{$.outputs.parameters['Output'].output_file}}",
            '{"Concat": ["a-", "{{$.inputs.parameters[\'text\']}}"]}',
            '{"IfPresent": {"InputName": "text", "Then": ["--text"], "Else": ["--none"]}}',
            '{"IfPresent": {"InputName": "absent", "Then": ["--yes"], "Else": ["--no"]}}',
          ],
        },
        component: {
          inputDefinitions: {
            parameters: {
              text: { parameterType: 'STRING' },
              absent: { parameterType: 'STRING', isOptional: true },
            },
          },
          ...STRING_OUTPUT,
        },
        inputs: { parameters: { text: '$(id) héllo' } },
      });

      expect(outputs.parameters.Output).toBe('a-$(id) héllo|--text|--no|');
    });
  });
  describe('what a container may do', () => {
    test('it has no root, no capability, no new privileges, and a read-only root file system (H1)', async () => {
      const text = await said(
        'echo uid=$(id -u); grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status; touch /x 2> /dev/null || echo read-only; ' +
          'ls /var/run/docker.sock 2> /dev/null || echo no socket; ls /anneal',
      );

      const lines = text.split('\n').map((line) => line.replace(/\s+/g, ' '));
      expect(text).toMatch(/^uid=[1-9]/m);
      expect(lines).toEqual(
        expect.arrayContaining([
          'CapEff: 0000000000000000',
          'CapBnd: 0000000000000000',
          'NoNewPrivs: 1',
          'read-only',
          'no socket',
          'home',
          'task',
        ]),
      );
    });

    test('it has no network unless it asks for one (N1, N2)', async () => {
      const alone = await said('ls /sys/class/net');
      const annotations = { 'anneal/network': 'bridge' };
      const asking = await said('ls /sys/class/net', { platform: { ...NO_PLATFORM, annotations } });

      expect(alone.split(/\s+/).filter(Boolean)).toEqual(['lo']);
      expect(asking).toContain('eth0');
    });

    test('a fork bomb ends at the limit of processes, and the machine goes on (H1)', async () => {
      const text = await said(
        'i=0; while [ $i -lt 1100 ]; do sleep 300 & i=$((i+1)); done; echo all started',
      ).catch((error: Error) => error.message);

      expect(text).toMatch(/cannot fork/i);
    });

    test('it sees nothing of the environment of its worker (V1)', async () => {
      process.env.AWS_SECRET_ACCESS_KEY = 'canary-aws';
      const text = await said('env', {
        container: { ...shell('env'), env: [{ name: 'MINE', value: '{{$.pipeline_job_name}}' }] },
      });
      delete process.env.AWS_SECRET_ACCESS_KEY;

      expect(text).toContain('MINE=my-pipeline');
      expect(text).toContain('PYTHONHASHSEED=0');
      expect(text).not.toContain('canary');
    });

    test('memory and cores are those of its limits', async () => {
      const resources = { resourceMemoryLimit: '256Mi', resourceCpuLimit: '500m' };
      const running = bench.execute({
        run: 'limits',
        container: { ...shell('sleep 5'), resources },
      });
      const info = await bench.running('limits');
      await running;

      expect(info.HostConfig).toMatchObject({
        Memory: 256 * 2 ** 20,
        MemorySwap: 256 * 2 ** 20,
        NanoCpus: 5e8,
        PidsLimit: 1024,
      });
    });

    test('an accelerator that the daemon does not have is refused by name', async () => {
      const resources = { accelerator: { resourceType: 'nvidia.com/gpu', resourceCount: '1' } };

      const error = await rejection(bench.execute({ container: { ...shell('true'), resources } }));

      expect(error).toMatchObject({ code: 'E_UNSUPPORTED', retryable: false });
      expect(error.message).toContain('nvidia.com/gpu');
    });
  });

  describe('secrets, config maps and volumes', () => {
    const secret = { kind: 'secret', name: 'login', optional: false } as const;

    test('a secret is a variable or a file of the task, and shows in no description (V2)', async () => {
      await mkdir(path.join(bench.folder, 'secrets/login'), { recursive: true, mode: 0o700 });
      await writeFile(path.join(bench.folder, 'secrets/login/password'), "it's-canary\n", {
        mode: 0o600,
      });
      const platform = {
        ...NO_PLATFORM,
        variables: [{ ...secret, where: 'secretAsEnv[0]', variable: 'PASSWORD', key: 'password' }],
        mounts: [{ ...secret, where: 'secretAsVolume[0]', mountPath: '/etc/login' }],
      };
      // Another try of this test must not find what the first one ran.
      const run = `secret-${randomUUID()}`;
      const running = bench.execute({
        run,
        container: shell(
          'printf %s "$PASSWORD" | wc -c; cat /etc/login/password | wc -c; touch /etc/login/x 2> /dev/null || echo kept; sleep 10',
        ),
        platform,
      });
      const info = await bench.running(run);
      const { logPath } = await running;

      expect((await readFile(logPath, 'utf8')).split(/\s+/)).toEqual(
        expect.arrayContaining(['12', 'kept']),
      );
      expect(JSON.stringify(info)).not.toContain('s-canary');
      expect(await readdir(path.join(bench.folder, 'containers'))).toEqual([]);
    });

    test('a volume keeps what one task wrote for the next', async () => {
      const mounts = [
        {
          where: 'pvcMount[0]',
          kind: 'volume',
          name: 'shared',
          mountPath: '/data',
          optional: false,
        },
      ] as const;
      await said('echo kept > /data/note', { platform: { ...NO_PLATFORM, mounts } });

      const text = await said('cat /data/note', { platform: { ...NO_PLATFORM, mounts } });

      expect(text).toBe('kept\n');
    });

    test('a link that a task put into a volume mounts nothing else of this machine (P3)', async () => {
      const mount = {
        where: 'pvcMount[0]',
        kind: 'volume',
        name: 'trap',
        optional: false,
      } as const;
      const whole = [{ ...mount, mountPath: '/data' }];
      await said('ln -s /etc /data/inner', { platform: { ...NO_PLATFORM, mounts: whole } });

      const part = [{ ...mount, mountPath: '/data', subPath: 'inner' }];
      const error = await rejection(
        said('ls /data', { platform: { ...NO_PLATFORM, mounts: part } }),
      );

      expect(error.code).toBe('E_UNSUPPORTED');
    });
  });

  describe('what a container leaves behind', () => {
    const answer = (script: string) =>
      bench.execute({
        container: shell(script, "{{$.outputs.parameters['Output'].output_file}}"),
        component: STRING_OUTPUT,
      });

    test('a link to a file of this machine is not followed (L1)', async () => {
      const error = await rejection(answer('mkdir -p "$(dirname "$0")"; ln -s /etc/hostname "$0"'));

      expect(error.code).toBe('E_TASK_OUTPUT');
      expect(error.message).toContain('link');
    });

    test('a pipe instead of a file does not hold up the worker (L2)', async () => {
      const error = await rejection(answer('mkdir -p "$(dirname "$0")"; mkfifo "$0"'));

      expect(error.code).toBe('E_TASK_OUTPUT');
    });

    test('a link within the folder is taken as what it names (L3)', async () => {
      const { outputs } = await answer(
        'mkdir -p "$(dirname "$0")"; printf linked > /anneal/task/outputs/real; ln -s /anneal/task/outputs/real "$0"',
      );

      expect(outputs.parameters.Output).toBe('linked');
    });

    test('a path of the container alone is no path of this machine (A5)', async () => {
      const error = await rejection(
        bench.execute({
          container: lightweight(
            'def component(data: Output[Dataset]):\n    data.uri = "/etc/hostname"',
          ),
          component: { outputDefinitions: { artifacts: { data: DATASET } } },
        }),
      );

      expect(error.code).toBe('E_TASK_OUTPUT');
    });

    test('files belong to the worker again, and the container is gone', async () => {
      await bench.execute({
        run: 'owned',
        container: shell(
          'mkdir -p "$(dirname "$0")"; printf x > "$0"',
          "{{$.outputs.parameters['Output'].output_file}}",
        ),
        component: STRING_OUTPUT,
      });

      const file = path.join(bench.attemptFolder('owned'), 'parameters');
      expect((await stat(file)).uid).toBe(process.getuid?.());
      const tries = path.join(bench.attemptFolder('owned'), '_container/tries');
      expect(await readdir(tries)).toEqual([]);
      expect(await bench.containers()).toEqual([]);
    });
  });
});
