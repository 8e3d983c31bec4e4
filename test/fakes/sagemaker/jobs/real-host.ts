// Really runs the jobs of the fake: inputs from S3, a container's file tree at /opt/ml, the job's own command with the
// real Python, outputs to S3, the log to CloudWatch Logs.
//
// A "container" is a process of this machine with /opt/ml mounted in a file tree of its own (anneal_launcher.mounts);
// its image is a set of variables. Outputs of a job that failed are not uploaded.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { download, upload, type S3Source } from './job-files.js';
import type { HostedJob, JobEnd, JobHost, RunningJob } from './job-host.js';
import { JobLogs } from './job-logs.js';
import { jobShape, type JobShape } from './job-shape.js';

export interface RealHostOptions {
  /** Python of this machine that can mount. */
  readonly python: string;
  /** Folder with anneal_launcher. */
  readonly pythonTasksFolder: string;
  /** Address of S3 and CloudWatch Logs. */
  readonly cloud: string;
  /** Variables of the containers: what an image brings. */
  readonly image: Readonly<Record<string, string>>;
  /** Interrupts the first try of a spot job as soon as its checkpoints hold this file. */
  readonly interruptAt?: string;
}

const STOP_GRACE_MS = 5_000;
const SYNC_MS = 100;
const ENTER = [
  'import json, os, sys',
  'from anneal_launcher.mounts import mount_volumes',
  'mount_volumes(json.loads(sys.argv[1]), sys.argv[2])',
  'os.execvp(sys.argv[3], sys.argv[3:])',
].join('\n');

/** Why jobs cannot be run on this machine; undefined when they can. */
export function cannotMount(python: string, pythonTasksFolder: string): string | undefined {
  const { status, stderr } = spawnSync(python, ['-m', 'anneal_launcher.mounts'], {
    cwd: pythonTasksFolder,
  });
  return status === 0 ? undefined : `this machine cannot mount: ${String(stderr).trim()}`;
}

export class RealHost implements JobHost {
  readonly #s3: S3Client;
  readonly #logs: CloudWatchLogsClient;
  /** Names of spot jobs that were interrupted. */
  readonly interrupted: string[] = [];

  constructor(private readonly options: RealHostOptions) {
    const credentials = { accessKeyId: 'job', secretAccessKey: 'job' };
    const shared = { endpoint: options.cloud, region: 'eu-central-1', credentials };
    this.#s3 = new S3Client({ ...shared, forcePathStyle: true });
    this.#logs = new CloudWatchLogsClient(shared);
  }

  start(job: HostedJob): RunningJob {
    const stopping = new AbortController();
    return { ended: this.#run(job, stopping.signal), stop: () => stopping.abort() };
  }

  async #run(job: HostedJob, signal: AbortSignal): Promise<JobEnd> {
    const folder = await mkdtemp(path.join(tmpdir(), 'fake-job-'));
    const logs = new JobLogs(this.#logs, job);
    const shape = jobShape(job);
    try {
      return await this.#carryOut({ job, shape, folder, logs, signal });
    } catch (error) {
      return {
        state: 'Failed',
        failureReason: `ClientError: Data download failed: ${String(error)}`,
      };
    } finally {
      await logs.close().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #carryOut(context: JobContext): Promise<JobEnd> {
    const { job, shape, folder, signal } = context;
    const local = localPath(folder);
    job.onPhase('Downloading');
    for (const { source, target } of shape.inputs) await download(this.#s3, source, local(target));
    for (const target of shape.folders) await mkdir(local(target), { recursive: true });
    job.onPhase('Training');
    const end = await this.#runContainer(context);
    if (end === 'interrupted') {
      this.interrupted.push(job.name);
      job.onPhase('Interrupted');
      await rm(local('/opt/ml'), { recursive: true, force: true });
      return this.#carryOut(context);
    }
    if (signal.aborted) return { state: 'Stopped' };
    if (end !== 0) return failure(shape, end, local);
    job.onPhase('Uploading');
    for (const { target, uri } of shape.outputs) await upload(this.#s3, local(target), uri);
    return { state: 'Completed' };
  }

  async #runContainer(context: JobContext): Promise<number | 'interrupted'> {
    const { shape, folder, signal, logs } = context;
    const child = this.#spawn(shape, folder);
    child.stdout!.on('data', (chunk: Buffer) => logs.write(chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => logs.write(chunk.toString()));
    const end = (): void => endGroup(child);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const watch = this.#watchCheckpoints(context, child);
    const code = await new Promise<number>((resolve) => {
      child.once('close', (exitCode) => resolve(exitCode ?? 137));
    });
    signal.removeEventListener('abort', end);
    return (await watch()) ? 'interrupted' : code;
  }

  #spawn({ command, environment }: JobShape, folder: string): ChildProcess {
    const mounts = [{ source: path.join(folder, 'opt', 'ml'), target: '/opt/ml' }];
    const root = path.join(folder, 'root');
    const { python, pythonTasksFolder, image } = this.options;
    spawnSync('mkdir', ['-p', root]);
    return spawn(python, ['-c', ENTER, JSON.stringify(mounts), root, ...command], {
      cwd: pythonTasksFolder,
      env: { ...image, ...environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Keeps S3 in step with the checkpoints; the answer tells whether the job was interrupted. */
  #watchCheckpoints(
    { job, shape, folder }: JobContext,
    child: ChildProcess,
  ): () => Promise<boolean> {
    const { checkpoints } = shape;
    if (checkpoints === undefined) return () => Promise.resolve(false);
    const place = localPath(folder)(checkpoints.target);
    let isInterrupted = false;
    let syncing: Promise<unknown> = Promise.resolve();
    const sync = async (): Promise<void> => {
      await upload(this.#s3, place, checkpoints.uri);
      const { interruptAt } = this.options;
      if (!shape.isSpot || interruptAt === undefined || this.interrupted.includes(job.name)) return;
      const isThere = await readFile(path.join(place, interruptAt)).then(Boolean, () => false);
      if (!isThere || isInterrupted) return;
      isInterrupted = true;
      endGroup(child);
    };
    const timer = setInterval(() => {
      syncing = syncing.then(sync, sync);
    }, SYNC_MS);
    return async () => {
      clearInterval(timer);
      await syncing.then(sync, sync);
      return isInterrupted;
    };
  }
}

interface JobContext {
  readonly job: HostedJob;
  readonly shape: JobShape;
  readonly folder: string;
  readonly logs: JobLogs;
  readonly signal: AbortSignal;
}

export interface JobTransfer {
  readonly source: S3Source;
  readonly target: string;
}

/** This machine's path of a path in the container. */
function localPath(folder: string): (target: string) => string {
  return (target) => path.join(folder, target);
}

async function failure(
  { messageFile, kind }: JobShape,
  code: number,
  local: (target: string) => string,
): Promise<JobEnd> {
  const said = await readFile(local(messageFile), 'utf8').catch(() => '');
  const message = said.slice(0, 1024);
  return kind === 'processing'
    ? {
        state: 'Failed',
        failureReason: `AlgorithmError: See job logs for more information, exit code: ${code}`,
        ...(said === '' ? {} : { exitMessage: message }),
      }
    : {
        state: 'Failed',
        failureReason: `AlgorithmError: ${message}, exit code: ${code}`.slice(0, 1024),
      };
}

function endGroup(child: ChildProcess): void {
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // It has ended.
    }
  };
  send('SIGTERM');
  const timer = setTimeout(() => send('SIGKILL'), STOP_GRACE_MS);
  child.once('close', () => clearTimeout(timer));
}
