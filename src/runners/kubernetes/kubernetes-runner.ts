// Runs tasks as Jobs of a Kubernetes cluster.
//
// K1. One execution is one Job of a name that follows from it: a second call adopts the first (R1).
// K2. A Job whose pod the cluster took away is removed, pods first, before the next one is made: never two at once.
// K3. What is in the listing of the attempt is done, whether or not its Job is still there.
// K4. A worker that stops lets go of its Jobs; only a cancellation removes them, and returns when they are gone.

import { createHash } from 'node:crypto';
import path from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { taskCanceled, taskLost } from '../../errors/task.js';
import { logTail } from '../task-end/log-tail.js';
import {
  LET_GO,
  type ContainerChoice,
  type LaunchOutcome,
  type LaunchSpec,
  type RunnableSpec,
  type Runner,
} from '../runner.js';
import { isVolumeImage } from '../volume-task.js';
import { buildJob, imageOf } from './build-job.js';
import { checkCluster } from './check-cluster.js';
import type { Cluster } from './cluster.js';
import { ClusterWatch } from './cluster-watch.js';
import { endError } from './end-error.js';
import { followJob, type FollowedJob } from './follow-job.js';
import { jobName } from './job-name.js';
import { jobState, stepEnd, type Snapshot } from './job-state.js';
import type { KubernetesRunnerOptions } from './kubernetes-options.js';
import { PersistentVolumes } from './persistent-volumes.js';
import { bringDocuments, readListing, type Listing } from './read-listing.js';
import { removeJob } from './remove-job.js';

const DIGEST = /sha256:[0-9a-f]{64}$/;
/** A check of the cluster holds for the components of one run. */
const CHECKED_MS = 30_000;

export class KubernetesRunner implements Runner {
  readonly name = 'kubernetes';
  readonly files = 'transferred';
  readonly volumes: PersistentVolumes;
  private readonly watch: ClusterWatch;
  private readonly closing = new AbortController();
  private readonly active = new Set<Promise<unknown>>();
  private checked: { readonly atMs: number; readonly done: Promise<void> } | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly options: KubernetesRunnerOptions,
  ) {
    this.watch = new ClusterWatch(cluster);
    this.volumes = new PersistentVolumes(cluster, options.volumeSize);
  }

  async check({ image }: RunnableSpec): Promise<void> {
    if (isVolumeImage(image)) return;
    const isFresh = this.checked && performance.now() - this.checked.atMs < CHECKED_MS;
    if (!isFresh) {
      const done = checkCluster(this.cluster, this.options);
      this.checked = { atMs: performance.now(), done };
      done.catch(() => (this.checked = undefined));
    }
    await this.checked!.done;
  }

  /** Of the image's name: only one by digest says what is in it before it runs. */
  environmentDigest({ image }: ContainerChoice): Promise<string> {
    const wanted = imageOf(image, this.options);
    const exact = DIGEST.exec(wanted)?.[0];
    return Promise.resolve(exact ?? `sha256:${hash(`image ${wanted}`)}`);
  }

  run(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome> {
    const running = this.runOnce(spec, signal);
    const settled = running.catch(() => undefined).finally(() => this.active.delete(settled));
    this.active.add(settled);
    return running;
  }

  async endRun(runId: string): Promise<void> {
    await this.volumes.removeWorkspace(runId);
  }

  async close(): Promise<void> {
    this.closing.abort(LET_GO); // K4
    await Promise.all(this.active);
    this.watch.close();
    this.cluster.close();
  }

  private async runOnce(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome> {
    const { task } = spec.id;
    const job = jobName(spec.id, spec.stagingUri);
    const key = this.options.store.keyOf(spec.stagingUri) ?? '';
    const earlier = await this.findOrStart(job, key, spec, signal);
    if (earlier !== undefined) return this.outcome(spec, key, earlier, undefined);
    const followed = await followJob({
      cluster: this.cluster,
      watch: this.watch,
      job,
      task,
      logPath: path.join(spec.folder, 'log.txt'),
      pendingSeconds: this.options.pendingSeconds,
      signal: AbortSignal.any([signal, this.closing.signal]),
      onProgress: this.options.onProgress ?? (() => undefined),
    });
    return this.conclude(followed, { spec, job, key, signal });
  }

  /**
   * Sees to it that the Job is there (K1, K2).
   * @returns the listing of an execution whose Job is gone already (K3)
   */
  private async findOrStart(
    job: string,
    key: string,
    spec: LaunchSpec,
    signal: AbortSignal,
  ): Promise<Listing | undefined> {
    const state = jobState(await this.snapshot(job));
    if (state.kind !== 'absent' && state.kind !== 'leaving' && state.kind !== 'lost') {
      return undefined;
    }
    const listing = await readListing(this.options.store, key);
    if (listing !== undefined) return listing;
    const wanted = buildJob(spec, this.options);
    if (state.kind !== 'absent') await removeJob(this.cluster, job);
    if (signal.aborted) throw taskCanceled(spec.id.task);
    if (spec.platform?.workspace !== undefined) {
      await this.volumes.createWorkspace(spec.id, spec.platform.workspace);
    }
    await this.cluster.createJob(wanted);
    return undefined;
  }

  private async snapshot(job: string): Promise<Snapshot> {
    const [found, pods] = await Promise.all([this.cluster.readJob(job), this.cluster.podsOf(job)]);
    return { job: found, pods };
  }

  private async conclude(
    followed: FollowedJob,
    { spec, job, key, signal }: Concluding,
  ): Promise<LaunchOutcome> {
    const { task } = spec.id;
    if ('aborted' in followed) {
      const isCanceled = signal.aborted && signal.reason !== LET_GO;
      if (!isCanceled) throw taskLost(task, 'another worker follows it');
      await removeJob(this.cluster, job);
      throw taskCanceled(task);
    }
    if ('givenUp' in followed) {
      await removeJob(this.cluster, job);
      throw followed.givenUp;
    }
    const { state, snapshot } = followed;
    const isOver =
      state.kind === 'succeeded' || state.kind === 'absent' || state.kind === 'leaving';
    if (!isOver && state.kind !== 'running') {
      throw endError(state, spec, await logTail(path.join(spec.folder, 'log.txt')));
    }
    const listing = await readListing(this.options.store, key);
    if (listing === undefined) throw taskLost(task, 'its Job was removed before it ended');
    return this.outcome(spec, key, listing, snapshot.pods.at(-1));
  }

  private async outcome(
    spec: LaunchSpec,
    key: string,
    listing: Listing,
    pod: V1Pod | undefined,
  ): Promise<LaunchOutcome> {
    await bringDocuments(this.options.store, key, listing, spec.folder);
    const end = pod && stepEnd(pod, 'task');
    return {
      environmentDigest: imageDigest(pod) ?? (await this.environmentDigest(spec)),
      logPath: path.join(spec.folder, 'log.txt'),
      startedAt: end?.startedAt ?? listing.storedAt,
      finishedAt: end?.finishedAt ?? listing.storedAt,
      transferred: new Map(Object.entries(listing.outputs)),
    };
  }
}

interface Concluding {
  readonly spec: LaunchSpec;
  readonly job: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** Digest of the image that ran, as its node knows it. */
function imageDigest(pod: V1Pod | undefined): string | undefined {
  const status = pod?.status?.initContainerStatuses?.find(({ name }) => name === 'task');
  return DIGEST.exec(status?.imageID ?? '')?.[0];
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
