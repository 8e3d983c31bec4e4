// The image of tasks, run as KFP and SageMaker run it.

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { waitUntil } from '../support/wait-until.js';
import { inspectImage, missingImage, runContainer, TASKS_IMAGE } from './support/images.js';

const LIMIT_MS = 300_000;
const CHURN = 'examples/churn/mlc_churn.csv';
/** A user id that the image has never heard of. */
const SOME_USER = '54321:54321';
const ROW = readFileSync(CHURN, 'utf8').split('\n')[1]!;

describe.skipIf(missingImage(TASKS_IMAGE) !== undefined)(
  'the image anneal-tasks',
  { timeout: LIMIT_MS },
  () => {
    const root = mkdtempSync(path.join(tmpdir(), 'anneal-image-'));
    const job = makeJob(path.join(root, 'job'), { n_estimators: '20', label_column: 'churn' });
    let trained: Awaited<ReturnType<typeof runContainer>>;

    beforeAll(async () => {
      copyFileSync(CHURN, path.join(job, 'input', 'data', 'train', 'churn.csv'));
      trained = await runContainer('--volume', `${job}:/opt/ml`, TASKS_IMAGE, 'train');
    }, LIMIT_MS);
    afterAll(async () => {
      // What a container wrote belongs to its user.
      await runContainer(
        '--user',
        '0',
        '--cap-add',
        'DAC_OVERRIDE',
        '--volume',
        `${root}:/root-of-test`,
        TASKS_IMAGE,
        'sh',
        '-c',
        'rm -rf /root-of-test/*',
      );
      rmSync(root, { recursive: true, force: true });
    });

    test('is nobody in particular, and says where it comes from', () => {
      const { Config } = inspectImage(TASKS_IMAGE);

      expect(Config.User).toBe('10001:10001');
      expect(Config.Labels).toMatchObject({
        'org.opencontainers.image.title': 'anneal-tasks',
        'org.opencontainers.image.version': TASKS_IMAGE.split(':')[1],
        'org.opencontainers.image.revision': expect.stringMatching(
          /^[0-9a-f]{40}(-changed)?$/,
        ) as string,
      });
    });

    test('holds no compiler, no installer, and no program with the rights of another', async () => {
      const script =
        'command -v gcc cc make pip apt-get; find / -xdev -perm /6000 -type f; python3 -m pip --version; id -u';

      const { stdout, stderr } = await runContainer(
        '--user',
        SOME_USER,
        TASKS_IMAGE,
        'sh',
        '-c',
        script,
      );

      expect(stdout).toBe('54321');
      expect(stderr).toContain('No module named pip');
    });

    test('trains as a SageMaker job: model, metrics, and the numbers on stdout (J2)', () => {
      const metrics = JSON.parse(
        readFileSync(path.join(job, 'output', 'data', 'metrics.json'), 'utf8'),
      ) as Record<string, number>;

      expect(trained.exitCode, trained.all).toBe(0);
      expect(metrics['train_rows']).toBe(5000);
      expect(trained.stdout).toContain(`cv_accuracy=${metrics['cv_accuracy']}`);
      expect(existsSync(path.join(job, 'model', 'model.skops'))).toBe(true);
      expect(existsSync(path.join(job, 'output', 'failure'))).toBe(false);
    });

    test('says in the failure file why a job failed, with an exit code other than 0 (J1)', async () => {
      const failing = makeJob(path.join(root, 'failing'), { n_estimators: '-1' });
      copyFileSync(CHURN, path.join(failing, 'input', 'data', 'train', 'churn.csv'));

      const { exitCode } = await runContainer(
        '--volume',
        `${failing}:/opt/ml`,
        TASKS_IMAGE,
        'train',
      );

      expect(exitCode).toBe(1);
      expect(readFileSync(path.join(failing, 'output', 'failure'), 'utf8')).toMatch(
        /^E_PARAM: n_estimators=-1 is less than 1\. /,
      );
    });

    test('serves the model it trained: /ping, /invocations, and an end on SIGTERM', async () => {
      const name = `anneal-test-${randomUUID()}`;
      const port = await freePort();
      const model = `${job}/model:/opt/ml/model:ro`;
      const published = ['--publish', `127.0.0.1:${port}:8080`];
      const serving = runContainer(
        ...[
          '--name',
          name,
          '--user',
          SOME_USER,
          '--volume',
          model,
          ...published,
          TASKS_IMAGE,
          'serve',
        ],
      );
      const address = `http://127.0.0.1:${port}`;
      const ping = await waitUntil('the container answers /ping', async () => {
        if (serving.exitCode !== null) throw new Error((await serving).all);
        const response = await fetch(`${address}/ping`).catch(() => undefined);
        return response?.ok === true && ((await response.json()) as { modelDigest: string });
      });

      const answer = await fetch(`${address}/invocations`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/csv' },
        body: ROW,
      });
      const body = await answer.json();
      await execa('docker', ['stop', '--time', '60', name]);

      expect(trained.stdout).toContain(`model_digest=${ping.modelDigest}`);
      expect(body).toEqual({
        predictions: [{ label: 'no', probability: expect.closeTo(0.0143, 3) as number }],
      });
      expect((await serving).exitCode).toBe(0);
    });

    test("runs a component by KFP's task contract", async () => {
      const folder = path.join(root, 'task');
      mkdirSync(folder, { mode: 0o777 });
      chmodSync(folder, 0o777);
      const artifact = (name: string, type: string, uri = `/task/${name}`): object => ({
        artifacts: [{ name, type: { schemaTitle: `system.${type}` }, uri }],
      });
      const input = {
        inputs: { artifacts: { raw_data: artifact('raw', 'Dataset', '/data/churn.csv') } },
        outputs: {
          artifacts: {
            train_data: artifact('train_data', 'Dataset'),
            test_data: artifact('test_data', 'Dataset'),
            data_report: artifact('data_report', 'Metrics'),
          },
          outputFile: '/task/executor_output.json',
        },
      };
      const mounts = [
        '--volume',
        `${folder}:/task`,
        '--volume',
        `${path.resolve(CHURN)}:/data/churn.csv:ro`,
      ];
      const command = ['python3', '-m', 'kfp.dsl.executor_main'];
      const args = [
        '--executor_input',
        JSON.stringify(input),
        '--function_to_execute',
        'preprocess',
      ];

      const { exitCode, all } = await runContainer(...mounts, TASKS_IMAGE, ...command, ...args);

      expect(exitCode, all).toBe(0);
      const report = JSON.parse(readFileSync(path.join(folder, 'data_report'), 'utf8')) as object;
      expect(report).toMatchObject({ rows: 5000, train_rows: 4000, test_rows: 1000 });
    });

    test('can speak to S3 and unpack what a pod needs', async () => {
      const { exitCode, all } = await runContainer(
        TASKS_IMAGE,
        'python3',
        '-c',
        'import boto3, anneal_launcher; boto3.client("s3", region_name="us-east-1")',
      );

      expect(exitCode, all).toBe(0);
    });
  },
);

/** Makes SageMaker's folders of one training job, writable for whatever user the container has. */
function makeJob(folder: string, hyperparameters: Record<string, string>): string {
  for (const name of ['input/config', 'input/data/train', 'model', 'output']) {
    mkdirSync(path.join(folder, name), { recursive: true });
  }
  for (const name of ['model', 'output']) chmodSync(path.join(folder, name), 0o777);
  writeFileSync(
    path.join(folder, 'input', 'config', 'hyperparameters.json'),
    JSON.stringify(hyperparameters),
  );
  chmodSync(path.dirname(folder), 0o755); // mkdtemp keeps everybody else out
  return folder;
}
