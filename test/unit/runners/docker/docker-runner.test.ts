// Real containers: what a task gets (H1, H2, V1, P1), and what shows of the machine around it.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingDocker, openDockerBench, TEST_IMAGE, type DockerBench } from '../support/docker-bench.js';
import { lightweight as lightweightFor, shell as shellFor } from '../support/kfp-component.js';
import { rejection, type TaskOfTest } from '../support/runner-bench.js';

const OUTPUT = { parameters: { Output: { parameterType: 'STRING' } } } as const;
const STRING_OUTPUT = { outputDefinitions: OUTPUT };
const DATASET = { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' } };

const lightweight = (text: string) => ({ ...lightweightFor(text), image: TEST_IMAGE });
const shell = (script: string, ...args: string[]) => ({
  ...shellFor(script, ...args),
  image: TEST_IMAGE,
});

describe.skipIf(await missingDocker())('docker runner', () => {
  let bench: DockerBench;
  beforeAll(async () => {
    bench = await openDockerBench();
  });
  afterAll(() => bench.close());

  /** What a shell script prints. */
  async function said(script: string, task: Partial<TaskOfTest> = {}): Promise<string> {
    const { logPath } = await bench.execute({ ...task, container: { ...shell(script), ...task.container } });
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
  test.todo('x');
});
