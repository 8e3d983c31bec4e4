// Tasks that really run as jobs of the strict fake: with their inputs in S3, /opt/ml in place, outputs back in the store.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskValues } from '../../../src/contract/index.js';
import type { PlatformSettings } from '../../../src/ir/platform/index.js';
import { executeTask, type ExecutedTask } from '../../../src/runners/index.js';
import { cannotMount, RealHost } from '../../fakes/sagemaker/index.js';
import { TEST_PYTHON } from '../../support/anneal-cli.js';
import { waitUntil } from '../../support/wait-until.js';
import {
  IMAGE,
  missing,
  startCloud,
  startJobs,
  type Cloud,
  type JobFixture,
} from '../../unit/runners/sagemaker/job-fixture.js';

const PYTHON_TASKS = join(import.meta.dirname, '..', '..', '..', 'python-tasks');
const NEVER = new AbortController().signal;
const NAMES = { jobName: 'r', jobResourceName: 'r', jobId: 'r', taskName: 't', taskId: 't' };
const skipped = missing ?? cannotMount(TEST_PYTHON ?? 'python3', PYTHON_TASKS);
if (skipped !== undefined) console.warn(`SKIPPED: real SageMaker jobs, because ${skipped}.`);

interface Request {
  readonly code: string;
  readonly args?: readonly string[];
  readonly inputs?: TaskValues;
  readonly annotations?: Record<string, string>;
  readonly runId?: string;
}

describe.skipIf(skipped !== undefined)('a task as a SageMaker job', () => {
  let cloud: Cloud;
  let host: RealHost;
  let jobs: JobFixture;
  beforeAll(async () => {
    cloud = await startCloud();
    host = new RealHost({
      python: TEST_PYTHON!,
      pythonTasksFolder: PYTHON_TASKS,
      cloud: cloud.server.url,
      image: { PATH: process.env['PATH'] ?? '' },
      interruptAt: '5',
    });
    jobs = await startJobs(cloud, host, 'real');
  });
  afterAll(async () => {
    await jobs.close();
    await cloud.close();
  });

  const platform = (annotations: Record<string, string>): PlatformSettings => ({
    ...{ variables: [], mounts: [], fields: [], labels: {} },
    annotations,
  });
  const run = (request: Request, signal = NEVER): Promise<ExecutedTask> => {
    const runId = request.runId ?? `run-${randomUUID().slice(0, 8)}`;
    const artifact = { artifactType: { schemaTitle: 'system.Artifact', schemaVersion: '0.0.1' } };
    const { inputs = { parameters: {}, artifacts: {} } } = request;
    return executeTask(
      {
        id: { runId, task: 'train', attempt: 1 },
        stagingKey: `runs/${runId}/tasks/train/_attempts/1`,
        component: {
          inputDefinitions: { artifacts: inputs.artifacts['given'] ? { given: artifact } : {} },
          outputDefinitions: {
            artifacts: { made: artifact },
            parameters: { count: { parameterType: 'NUMBER_INTEGER' } },
          },
        },
        container: {
          image: IMAGE,
          command: ['python3', '-c', request.code],
          args: [
            "{{$.outputs.artifacts['made'].path}}",
            "{{$.outputs.parameters['count'].output_file}}",
            ...(request.args ?? []),
          ],
        },
        inputs,
        names: { ...NAMES, pipelineRoot: cloud.store.uriOf(`runs/${runId}`) },
        platform: platform(request.annotations ?? {}),
      },
      { store: cloud.store, runner: jobs.runner, signal },
    );
  };
  const MAKE_FOLDER = `
import os, sys
os.makedirs(sys.argv[1] + "/deep")
open(sys.argv[1] + "/a file.txt", "w").write("one")
open(sys.argv[1] + "/deep/b", "w").write("two")
open(sys.argv[2], "w").write("3")
print("made it")
`;

  it('writes outputs, parameters and its log, and digests are those of the store', async () => {
    const done = await run({ code: MAKE_FOLDER });

    const [made] = done.outputs.artifacts['made']!;
    const kept = await cloud.store.localPath(made!.uri);
    expect(done.outputs.parameters).toEqual({ count: 3 });
    expect(await readFile(join(kept, 'a file.txt'), 'utf8')).toBe('one');
    expect(await cloud.store.inspect(made!.uri)).toMatchObject({ digest: made!.digest });
    expect(await readFile(done.logPath!, 'utf8')).toBe('made it\n');
    expect(done.environmentDigest).toBe(`sha256:${'a'.repeat(64)}`);
  });

  it('reads a folder that an earlier job wrote, with names that are no keys of ours', async () => {
    const earlier = await run({ code: MAKE_FOLDER });
    const code = `
import os, sys
given = sys.argv[3]
names = sorted(os.path.relpath(os.path.join(at, name), given) for at, _, files in os.walk(given) for name in files)
open(sys.argv[1], "w").write("|".join(names))
open(sys.argv[2], "w").write(str(len(names)))
`;

    const done = await run({
      code,
      args: ["{{$.inputs.artifacts['given'].path}}"],
      inputs: { parameters: {}, artifacts: { given: earlier.outputs.artifacts['made']! } },
    });

    const made = await cloud.store.localPath(done.outputs.artifacts['made']![0]!.uri);
    expect(await readFile(made, 'utf8')).toBe('a file.txt|deep/b');
  });

  it.each([
    '$(touch x); `id`',
    'two\nlines\n',
    'back\\slash \\n \\c',
    '\'quotes" ',
    'Grüße 🚀',
    '',
  ])('gets the argument %j as it is (L1)', async (value) => {
    const code = `
import sys
open(sys.argv[1], "w", encoding="utf-8", newline="").write(sys.argv[3])
open(sys.argv[2], "w").write("1")
`;

    const done = await run({ code, args: [value] });

    const made = await cloud.store.localPath(done.outputs.artifacts['made']![0]!.uri);
    expect(await readFile(made, 'utf8')).toBe(value);
  });

  it.each([
    ['E_TASK_EXIT', 'import sys; print("no such column"); sys.exit(3)', /exit code 3: no such/],
    ['E_TASK_SIGNAL', 'import os; os.abort()', /SIGABRT/],
    ['E_TASK_MEMORY', 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)', /memory/],
    [
      'E_DATA',
      'import os, sys; open(os.environ["ANNEAL_ERROR_FILE"], "w").write(\'{"code": "E_DATA", "message": "Bad rows."}\'); sys.exit(1)',
      /^Bad rows\.$/,
    ],
  ])('fails with %s', async (code, program, message) => {
    const failing = run({ code: program });

    await expect(failing).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      retryable: false,
    });
  });

  it('of the training kind goes on from its checkpoint after a spot interruption', async () => {
    const code = `
import os, pathlib, sys, time
place = pathlib.Path(os.environ["ANNEAL_CHECKPOINT_DIR"])
first = max((int(each.name) for each in place.iterdir()), default=0) + 1
for step in range(first, 9):
    print("step", step, flush=True)
    (place / str(step)).write_text("done")
    time.sleep(0.4)
open(sys.argv[1], "w").write(str(first))
open(sys.argv[2], "w").write("8")
`;

    const done = await run({ code, annotations: { 'anneal/sagemaker-spot': 'true' } });

    const made = await cloud.store.localPath(done.outputs.artifacts['made']![0]!.uri);
    const resumedAt = Number(await readFile(made, 'utf8'));
    expect(host.interrupted).toHaveLength(1);
    expect(resumedAt).toBeGreaterThan(5);
    expect(done.outputs.parameters).toEqual({ count: 8 });
    expect(
      jobs.fake.ledger.effects.filter((effect) => effect === 'CreateTrainingJob'),
    ).toHaveLength(1);
  });

  it('is ended by a cancellation, with all that it started', async () => {
    const canceled = new AbortController();
    const mark = `sleeper-${randomUUID()}`;
    const code = `import subprocess; subprocess.run(["sh", "-c", "sleep 300; : ${mark}"])`;
    const running = run({ code }, canceled.signal);
    const { execFileSync } = await import('node:child_process');
    const isRunning = (): boolean =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .some((line) => line.startsWith('sh -c') && line.includes(mark));
    await waitUntil('the job runs', isRunning);

    canceled.abort('canceled');

    await expect(running).rejects.toMatchObject({ code: 'E_TASK_CANCELED' });
    expect(isRunning()).toBe(false);
  });
});
