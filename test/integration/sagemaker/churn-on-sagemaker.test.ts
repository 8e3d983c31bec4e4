// The churn pipeline with every task as a SageMaker job, against the same pipeline as processes.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cannotMount,
  RealHost,
  startFakeSageMaker,
  type FakeSageMaker,
} from '../../fakes/sagemaker/index.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../../support/anneal-cli.js';
import {
  BUCKET,
  IMAGE,
  missing,
  ROLE,
  startCloud,
  type Cloud,
} from '../../unit/runners/sagemaker/job-fixture.js';

const PYTHON_TASKS = join(import.meta.dirname, '..', '..', '..', 'python-tasks');
const skipped = missing ?? cannotMount(TEST_PYTHON ?? 'python3', PYTHON_TASKS);
if (skipped !== undefined) console.warn(`SKIPPED: churn on SageMaker jobs, because ${skipped}.`);

const RUN = [
  ...['ml-training-pipeline', '--no-cache'],
  ...['--param', 'data_path=examples/churn/mlc_churn.csv'],
  ...['--param', 'n_estimators=20'],
];

describe.skipIf(skipped !== undefined)('the churn pipeline on SageMaker', () => {
  let cloud: Cloud;
  let fake: FakeSageMaker;
  let home: AnnealHome;
  beforeAll(async () => {
    cloud = await startCloud();
    const host = new RealHost({
      python: TEST_PYTHON!,
      pythonTasksFolder: PYTHON_TASKS,
      cloud: cloud.server.url,
      image: {
        PATH: `${join(TEST_PYTHON!, '..')}:${process.env['PATH'] ?? ''}`,
        PYTHONPATH: PYTHON_TASKS,
        _KFP_RUNTIME: 'true',
      },
    });
    fake = await startFakeSageMaker({ host, now: () => Date.now() });
    home = new AnnealHome({
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_SAGEMAKER: fake.url,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: cloud.server.url,
      AWS_ENDPOINT_URL_ECR: cloud.server.url,
      ANNEAL_S3_ENDPOINT: cloud.server.url,
      ANNEAL_STORE: `s3://${BUCKET}/churn`,
      ANNEAL_SAGEMAKER_JOB_ROLE: ROLE,
      ANNEAL_SAGEMAKER_JOB_IMAGE: IMAGE,
      ANNEAL_SAGEMAKER_POLL_SECONDS: '0.2',
    });
  });
  afterAll(async () => {
    await home.close();
    await fake.close();
    await cloud.close();
  });

  const facts = (run: RunJson): unknown =>
    run.tasks
      .filter(({ name }) => !name.endsWith('deploy-model'))
      .map(({ name, status, outputs }) => ({
        name,
        status,
        parameters: outputs?.parameters,
        digests: Object.entries(outputs?.artifacts ?? {}).map(([output, list]) => [
          output,
          list.map(({ digest }) => digest),
        ]),
      }));

  it('ends as with processes, with equal data, model and metrics', async () => {
    const here = await home.run(...RUN, '--runner', 'process');

    const there = await home.run(...RUN, '--runner', 'sagemaker');

    expect(there.error).toBeUndefined();
    expect(there.status).toBe('succeeded');
    expect(facts(there)).toEqual(facts(here));
    expect(fake.ledger.effects).toEqual(Array.from({ length: 3 }, () => 'CreateProcessingJob'));
  }, 600_000);
});
