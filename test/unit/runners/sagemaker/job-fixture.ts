// The sagemaker runner on the strict fake, with a store in moto's S3.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { openSageMakerRunner } from '../../../../src/runners/sagemaker/sagemaker-runner.js';
import type { SageMakerRunnerOptions } from '../../../../src/runners/sagemaker/sagemaker-runner.js';
import type { LaunchSpec, Runner } from '../../../../src/runners/runner.js';
import { openStore, type ArtifactStore } from '../../../../src/storage/index.js';
import { moto, startMoto, type MotoServer } from '../../../contract/deploy/moto-server.js';
import {
  startFakeSageMaker,
  type FakeSageMaker,
  type JobHost,
} from '../../../fakes/sagemaker/index.js';

export const BUCKET = 'anneal-jobs';
export const ROLE = 'arn:aws:iam::123456789012:role/anneal-jobs';
export const IMAGE = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/tasks@sha256:${'a'.repeat(64)}`;
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Why these tests cannot run here; undefined when they can. */
export const missing = 'missing' in moto ? moto.missing : undefined;
if (missing !== undefined) console.warn(`SKIPPED: tests of SageMaker jobs, because ${missing}.`);

export interface Cloud {
  readonly server: MotoServer;
  readonly store: ArtifactStore;
  close(): Promise<void>;
}

/** Starts moto with an empty bucket. */
export async function startCloud(): Promise<Cloud> {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  });
  const { python } = moto as { python: string };
  const server = await startMoto(python);
  const shared = { endpoint: server.url, region: 'eu-central-1', credentials: CREDENTIALS };
  const s3 = new S3Client({ ...shared, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: BUCKET,
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    }),
  );
  s3.destroy();
  const cacheFolder = await mkdtemp(join(tmpdir(), 'anneal-jobs-cache-'));
  const store = await openStore(`s3://${BUCKET}/project`, { cacheFolder, s3: shared });
  return {
    server,
    store,
    close: async () => {
      server.close();
      await rm(cacheFolder, { recursive: true, force: true });
    },
  };
}

export interface JobFixture {
  readonly fake: FakeSageMaker;
  readonly runner: Runner;
  /** Another worker's runner, on the same account. */
  anotherRunner(options?: Partial<SageMakerRunnerOptions>): Runner;
  spec(change?: Partial<LaunchSpec>): Promise<LaunchSpec>;
  close(): Promise<void>;
}

/**
 * A fake whose jobs a host carries out, and a runner.
 * @param time  `virtual`: hours of waiting in milliseconds; `real`: for jobs that take their time
 */
export async function startJobs(
  cloud: Cloud,
  host: JobHost,
  time: 'virtual' | 'real' = 'virtual',
): Promise<JobFixture> {
  const now = time === 'real' ? { now: () => Date.now() } : {};
  const fake = await startFakeSageMaker({ host, ...now });
  const anotherRunner = (options: Partial<SageMakerRunnerOptions> = {}): Runner =>
    openSageMakerRunner({
      settings: {
        ...{ region: 'eu-central-1', roleArn: ROLE, tasksImage: IMAGE },
        ...{ volumeGb: 30, subnets: [], securityGroups: [], isIsolated: false },
      },
      store: cloud.store,
      pythonTasksFolder: join(import.meta.dirname, '..', '..', '..', '..', 'python-tasks'),
      clientConfig: { endpoint: fake.url, credentials: CREDENTIALS },
      servicesEndpoint: cloud.server.url,
      s3: { endpoint: cloud.server.url, region: 'eu-central-1' },
      ...(time === 'real' ? { pollMs: 100 } : { clock: fake.clock }),
      random: () => 0.5,
      ...options,
    });
  return {
    fake,
    runner: anotherRunner(),
    anotherRunner,
    spec: (change) => launchSpec(cloud.store, change),
    close: () => fake.close(),
  };
}

/** A fresh execution of a task without inputs. */
export async function launchSpec(
  store: ArtifactStore,
  change: Partial<LaunchSpec> = {},
): Promise<LaunchSpec> {
  const runId = `run-${randomUUID().slice(0, 8)}`;
  const staging = await store.stage(`runs/${runId}/tasks/train/_attempts/1`);
  return {
    id: { runId, task: 'train', attempt: 1 },
    image: IMAGE,
    command: ['python3', '-c', 'print(1)'],
    args: [],
    env: {},
    executorInput: {},
    folder: staging.folder,
    files: { folder: staging.folder, seenFolder: '/opt/ml/processing/task', inputs: [] },
    stagingUri: staging.uri,
    resources: {},
    ...change,
  };
}
