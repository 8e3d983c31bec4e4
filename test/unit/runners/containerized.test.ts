// Components whose code is in the python-tasks folder, found by kfp_config.ini as in their image.

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBench, rejection, TASKS_FOLDER, type Bench } from './support/runner-bench.js';
import { missingPython } from './support/test-python.js';

const COMPONENT =
  'from anneal_tasks.words import WORD\n\ndef speak(n: int) -> str:\n    return WORD * n\n';

describe.skipIf(missingPython())('containerized components of python-tasks', () => {
  let folder: string;
  let bench: Bench;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'anneal-tasks-'));
    await symlink(path.join(TASKS_FOLDER, 'anneal_launcher'), path.join(folder, 'anneal_launcher'));
    await mkdir(path.join(folder, 'anneal_tasks'));
    await writeFile(path.join(folder, 'anneal_tasks/__init__.py'), '');
    await writeFile(path.join(folder, 'anneal_tasks/words.py'), 'WORD = "ho"\n');
    await writeFile(path.join(folder, 'anneal_tasks/speak.py'), COMPONENT);
    await writeFile(
      path.join(folder, 'kfp_config.ini'),
      '[Components]\nspeak = anneal_tasks/speak.py\n',
    );
    bench = await openBench({ pythonTasksFolder: folder });
  });
  afterAll(async () => {
    await bench.close();
    await rm(folder, { recursive: true, force: true });
  });

  const container = (name: string) => ({
    image: 'anneal-tasks:0.1.0',
    command: ['python3', '-m', 'kfp.dsl.executor_main'],
    args: ['--executor_input', '{{$}}', '--function_to_execute', name],
  });

  test('a component is found and may import its package', async () => {
    const { outputs } = await bench.execute({
      container: container('speak'),
      component: { outputDefinitions: { parameters: { Output: { parameterType: 'STRING' } } } },
      inputs: { parameters: { n: 3 } },
    });

    expect(outputs.parameters.Output).toBe('hohoho');
  });

  test('a component that is not listed is an error naming it', async () => {
    const error = await rejection(bench.execute({ container: container('whisper') }));

    expect(error.code).toBe('E_TASK_EXIT');
    expect(error.details.logTail).toContain('whisper');
  });

  test('the environment digest follows the source of the tasks', async () => {
    const spec = container('speak');
    const before = await bench.runner.environmentDigest(spec);
    await writeFile(path.join(folder, 'anneal_tasks/words.py'), 'WORD = "ha"\n');

    expect(await bench.runner.environmentDigest(spec)).not.toBe(before);
  });
});
