// Runs tasks as jobs of Amazon SageMaker.
//
// S1. A job outlives its worker: the next worker finds it by its name. Closing this runner leaves jobs running.
// S2. Cancellation stops the job and waits until it has stopped; LET_GO only stops waiting.
// S3. Nothing of the task's data passes through the worker: the job reads and writes the store itself.

import path from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { SageMakerClient, type SageMakerClientConfig } from '@aws-sdk/client-sagemaker';
import { createAwsCaller, SYSTEM_CLOCK, type AwsCaller, type Clock } from '../../aws/index.js';
import { jobsNeedS3Store } from '../../errors/jobs.js';
import { taskCanceled } from '../../errors/task.js';
import type { PlatformSettings } from '../../ir/platform/index.js';
import { sha256Of, type ArtifactStore, type S3Options } from '../../storage/index.js';
import { logTail } from '../task-end/log-tail.js';
import {
  LET_GO,
  type ContainerChoice,
  type LaunchOutcome,
  type LaunchSpec,
  type RunnableSpec,
  type Runner,
} from '../runner.js';
import type { SeenPlaces } from '../task-files.js';
import { isVolumeImage } from '../volume-task.js';
import { checkPlatform } from './check-platform.js';
import { collectJob, fetchReport } from './collect-job.js';
import { ensureJob, newestJob } from './ensure-job.js';
import { explainAws } from './explain-aws.js';
import { followJob, stopJob } from './follow-job.js';
import { hasEnded, type JobApi, type JobView } from './job.js';
import { jobChoice, type JobKind } from './job-choice.js';
import { jobFailure } from './job-failure.js';
import { digestOfImage, openJobImages, type JobImages } from './job-image.js';
import { writeInputManifests } from './job-inputs.js';
import { JobLog } from './job-log.js';
import { jobName } from './job-name.js';
import { openJobObjects, type JobObjects } from './job-objects.js';
import { seenPlacesOf } from './job-places.js';
import { completeSettings, type SageMakerJobSettings } from './job-settings.js';
import { writeLaunchDocuments } from './launch-document.js';
import { LogFile } from './log-file.js';
import { planJob } from './plan-job.js';
import { processingJobs } from './processing-jobs.js';
import { trainingJobs } from './training-jobs.js';

export interface SageMakerRunnerOptions {
  readonly settings: SageMakerJobSettings;
  readonly store: ArtifactStore;
  /** Folder with anneal_launcher. */
  readonly pythonTasksFolder: string;
  /** Time between two looks at a job, milliseconds; default 15 000, at least 10 000 outside tests. */
  readonly pollMs?: number;
  /** Longest time one call may be throttled or unanswered, milliseconds; default 10 minutes. */
  readonly patienceMs?: number;
  /** Longest wait for a used-up quota, milliseconds; default 30 minutes. */
  readonly quotaWaitMs?: number;
  /** Credentials, endpoint addresses and the like; the region comes from the settings. */
  readonly clientConfig?: SageMakerClientConfig;
  /** Address of CloudWatch Logs and ECR; default AWS's own. */
  readonly servicesEndpoint?: string;
  /** How the store's S3 is reached. */
  readonly s3?: S3Options;
  readonly clock?: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random?: () => number;
}

// DescribeProcessingJob is throttled per account, and a job takes minutes.
const POLL_MS = 15_000;
const PATIENCE_MS = 10 * 60_000;
const QUOTA_WAIT_MS = 30 * 60_000;
/** AWS gives a stopped container 2 minutes, then uploads what there is. */
const STOP_PATIENCE_MS = 15 * 60_000;
const PREFLIGHT_PATIENCE_MS = 20_000;
const PREFLIGHT_JOB = 'anneal-preflight';

interface Services {
  readonly jobs: Readonly<Record<JobKind, JobApi>>;
  readonly logs: CloudWatchLogsClient;
  readonly images: JobImages;
  readonly objects: JobObjects;
}

/** Makes a runner of SageMaker jobs, with the AWS SDK loaded. */
export function openSageMakerRunner(options: SageMakerRunnerOptions): Runner {
  return new SageMakerRunner(options);
}

class SageMakerRunner implements Runner {
  readonly name = 'sagemaker';
  readonly files = 'transferred';
  private opened: Services | undefined;
  private readonly closing = new AbortController();
  private readonly reached = new Set<JobKind>();
  private readonly launcher: string;

  constructor(private readonly options: SageMakerRunnerOptions) {
    this.launcher = path.join(options.pythonTasksFolder, 'anneal_launcher', 'sagemaker_job.sh');
  }

  seenPlaces(task: string, platform?: PlatformSettings): SeenPlaces {
    return seenPlacesOf(jobChoice(task, platform).kind);
  }

  async check({ component, image, platform }: RunnableSpec): Promise<void> {
    const services = this.services();
    const { kind } = checkPlatform(component, image, platform, this.options.settings);
    await services.images.resolve(image);
    await this.reach(kind);
  }

  async environmentDigest({ image }: ContainerChoice): Promise<string> {
    if (isVolumeImage(image)) return sha256Of(image);
    return environmentOf(await this.services().images.resolve(image));
  }

  async run(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome> {
    const { kind } = jobChoice(spec.id.task, spec.platform);
    const stop = AbortSignal.any([signal, this.closing.signal]);
    try {
      return await this.carryOut(spec, kind, this.callerFor(spec, stop));
    } catch (error) {
      if (!stop.aborted) throw error;
      if (signal.aborted && signal.reason !== LET_GO) await this.stop(spec, kind);
      throw taskCanceled(spec.id.task);
    }
  }

  close(): Promise<void> {
    this.closing.abort(LET_GO); // S1
    return Promise.resolve();
  }

  private async carryOut(
    spec: LaunchSpec,
    kind: JobKind,
    caller: AwsCaller,
  ): Promise<LaunchOutcome> {
    const { jobs, logs, objects } = this.services();
    const { store } = this.options;
    const { task } = spec.id;
    const found = await newestJob(jobs[kind], caller, { stagingUri: spec.stagingUri, task });
    const { name } = found.view ?? (await this.start(spec, kind, { ...found, caller }));
    const file = new LogFile(path.join(spec.folder, 'log.txt'));
    await file.open();
    const log = new JobLog({ client: logs, group: jobs[kind].logGroup, job: name, file });
    const pollMs = this.options.pollMs ?? POLL_MS;
    const view = await followJob({ api: jobs[kind], caller, task, name, pollMs, log });
    await file.close();
    await this.assertCompleted(view, spec);
    return { ...outcomeOf(view, spec), ...(await collectJob(view, spec, { store, objects })) };
  }

  private async start(
    spec: LaunchSpec,
    kind: JobKind,
    { generation, caller }: { readonly generation: number; readonly caller: AwsCaller },
  ): Promise<JobView> {
    const { jobs, images, objects } = this.services();
    const { store, settings, quotaWaitMs = QUOTA_WAIT_MS } = this.options;
    const image = await images.resolve(spec.image);
    const stagingKey = store.keyOf(spec.stagingUri)!;
    await writeLaunchDocuments(spec, stagingKey, { store, launcher: this.launcher });
    const inputs = await writeInputManifests(spec, stagingKey, { store, objects });
    const complete = completeSettings(settings);
    const plan = planJob({ spec, kind, generation, image, inputs, settings: complete });
    return ensureJob(jobs[kind], caller, plan, { task: spec.id.task, quotaWaitMs });
  }

  private async assertCompleted(view: JobView, spec: LaunchSpec): Promise<void> {
    if (view.state === 'completed') return;
    const tail = await logTail(path.join(spec.folder, 'log.txt'));
    const report = await fetchReport(view, this.options.store);
    const failure = jobFailure(view, spec, { logTail: tail, report });
    if (failure !== undefined) throw failure;
  }

  /** Stops whatever runs for an execution (S2). */
  private async stop(spec: LaunchSpec, kind: JobKind): Promise<void> {
    const api = this.services().jobs[kind];
    const never = new AbortController().signal;
    const caller = this.callerFor(spec, never, STOP_PATIENCE_MS);
    const { stagingUri } = spec;
    const { view } = await newestJob(api, caller, { stagingUri, task: spec.id.task });
    if (view === undefined || hasEnded(view)) return;
    const pollMs = Math.min(this.options.pollMs ?? POLL_MS, 5_000);
    await stopJob(api, caller, view.name, pollMs);
  }

  /** Asks AWS once whether the worker may look at jobs at all: credentials, region, rights. */
  private async reach(kind: JobKind): Promise<void> {
    if (this.reached.has(kind)) return;
    const never = new AbortController().signal;
    const id = { runId: '', task: 'preflight', attempt: 1 };
    const caller = this.callerFor({ id, stagingUri: '' }, never, PREFLIGHT_PATIENCE_MS);
    await caller.repeat(() => this.services().jobs[kind].describe(PREFLIGHT_JOB));
    this.reached.add(kind);
  }

  private callerFor(
    { id, stagingUri }: Pick<LaunchSpec, 'id' | 'stagingUri'>,
    signal: AbortSignal,
    patienceMs = this.options.patienceMs ?? PATIENCE_MS,
  ): AwsCaller {
    const { clock = SYSTEM_CLOCK, random = Math.random } = this.options;
    return createAwsCaller({
      ...explainAws(id.task, jobName(stagingUri, 1)),
      patienceMs,
      // The activity beats its heart by itself.
      waiting: { clock, random, signal, progress: () => undefined },
    });
  }

  /** @throws E_AWS_CONFIG, E_CONFIG, E_RUNNER */
  private services(): Services {
    const { settings, store, clientConfig, s3, clock = SYSTEM_CLOCK } = this.options;
    const { region, tasksImage } = completeSettings(settings);
    if (!store.uriOf('runs').startsWith('s3://')) throw jobsNeedS3Store(store.uriOf('runs'));
    if (this.opened !== undefined) return this.opened;
    // One attempt: W1 of aws-caller.ts. Logs and images are looked up only, so the SDK may try again.
    const client = new SageMakerClient({ ...clientConfig, region, maxAttempts: 1 });
    const { servicesEndpoint: endpoint } = this.options;
    const other = { ...(endpoint === undefined ? {} : { endpoint }), region };
    this.opened = {
      jobs: { processing: processingJobs(client), training: trainingJobs(client) },
      logs: new CloudWatchLogsClient(other),
      images: openJobImages({ tasksImage, client: new ECRClient(other), now: () => clock.now() }),
      objects: openJobObjects({ region, ...s3 }),
    };
    return this.opened;
  }
}

function outcomeOf(
  view: JobView,
  spec: LaunchSpec,
): Pick<LaunchOutcome, 'environmentDigest' | 'logPath' | 'startedAt' | 'finishedAt'> {
  return {
    environmentDigest: environmentOf(view.image ?? spec.image),
    logPath: path.join(spec.folder, 'log.txt'),
    startedAt: (view.startedAt ?? view.createdAt).toISOString(),
    finishedAt: (view.endedAt ?? view.createdAt).toISOString(),
  };
}

/** An image's digest; of a reference whose digest is not known, the digest of its text. */
function environmentOf(image: string): string {
  return digestOfImage(image) ?? sha256Of(image);
}
