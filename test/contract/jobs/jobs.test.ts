// What the runner needs of SageMaker's calls for jobs, on the strict fake and on moto.
//
// Where moto 5.2.5 differs, so that it cannot judge: jobs are Completed at once; a second job of one name is accepted;
// there is no StopTrainingJob; requests are not checked.

import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsFailureOf } from '../../../src/aws/index.js';
import type { JobApi, JobPlan } from '../../../src/runners/sagemaker/job.js';
import { processingJobs } from '../../../src/runners/sagemaker/processing-jobs.js';
import { trainingJobs } from '../../../src/runners/sagemaker/training-jobs.js';
import {
  ScriptedHost,
  startFakeSageMaker,
  type FakeSageMaker,
} from '../../fakes/sagemaker/index.js';
import {
  IMAGE,
  missing,
  ROLE,
  startCloud,
  type Cloud,
} from '../../unit/runners/sagemaker/job-fixture.js';

const KINDS = { processing: processingJobs, training: trainingJobs };
const CASES = (['fake', 'moto'] as const).flatMap((server) =>
  (['processing', 'training'] as const).map((kind) => [kind, server] as const),
);

const planOf = (): JobPlan => ({
  name: `anneal-${randomUUID().slice(0, 8)}-1`,
  image: IMAGE,
  entrypoint: ['sh', '/opt/ml/launch.sh'],
  inputs: [{ bucket: 'data', manifestUri: 's3://store/inputs-0.json' }],
  launchUri: 's3://store/_launch',
  outputUri: 's3://store/_jobs/1',
  checkpointUri: 's3://store/_checkpoints',
  ...{ instanceType: 'ml.m5.large', volumeGb: 30, spot: true, maxRuntimeSeconds: 60 },
  tags: [{ Key: 'anneal:run', Value: 'r' }],
  settings: {
    ...{ region: 'eu-central-1', roleArn: ROLE, volumeGb: 30, isIsolated: true },
    ...{ kmsKeyId: 'alias/anneal', subnets: ['subnet-1'], securityGroups: ['sg-1'] },
  },
});

describe.skipIf(missing !== undefined)('the calls for jobs', () => {
  let cloud: Cloud;
  let fake: FakeSageMaker;
  beforeAll(async () => {
    cloud = await startCloud();
    fake = await startFakeSageMaker({ host: new ScriptedHost() });
  });
  afterAll(async () => {
    await fake.close();
    await cloud.close();
  });
  const open = (kind: keyof typeof KINDS, server: 'fake' | 'moto'): JobApi =>
    KINDS[kind](
      new SageMakerClient({
        endpoint: server === 'fake' ? fake.url : cloud.server.url,
        region: 'eu-central-1',
        maxAttempts: 1,
      }),
    );

  it.each(CASES)('make a %s job on %s that is found by its name', async (kind, server) => {
    const api = open(kind, server);
    const plan = planOf();

    await api.create(plan);
    const view = await api.describe(plan.name);

    expect(view).toMatchObject({
      name: plan.name,
      image: plan.image,
      outputUri: plan.outputUri,
      maxRuntimeSeconds: 60,
    });
    expect(view.resultUri?.startsWith(plan.outputUri)).toBe(true);
  });

  it.each(CASES)('say of a %s job on %s that there is none', async (kind, server) => {
    const error: unknown = await open(kind, server)
      .describe('anneal-nothing')
      .catch((thrown: unknown) => thrown);

    expect(awsFailureOf(error)).toBe('missing');
  });

  it.each(['processing', 'training'] as const)(
    'refuse a second %s job of one name',
    async (kind) => {
      const api = open(kind, 'fake');
      const plan = planOf();
      await api.create(plan);

      await expect(api.create(plan)).rejects.toMatchObject({ name: 'ResourceInUse' });
    },
  );

  it.each<[string, Partial<JobPlan>]>([
    ['name', { name: 'a_b' }],
    ['image', { image: 'python:3.11' }],
    ['instance', { instanceType: 'ml.none.large' }],
    ['entrypoint', { entrypoint: ['x'.repeat(257)] }],
    ['disk', { volumeGb: 20_000 }],
  ])('are refused by the fake with a wrong %s', async (_, change) => {
    const creating = open('processing', 'fake').create({ ...planOf(), ...change });

    await expect(creating).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
