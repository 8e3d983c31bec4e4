// Waits for the end of a Job.
//
// F1. What is believed is read: the Job and its pods, at each change and every few seconds besides.
// F2. An API server that is away is waited for: the task goes on without it. So is one that refuses, for a while:
//     right after its start it does not know its callers' rights yet, and tokens are renewed under a running worker.
// F3. A pod that cannot start is given up after the cluster's patience, at once where waiting changes nothing;
//     its Job is removed before the error is thrown.

import { setTimeout as delay } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { isAnnealError, type AnnealError } from '../../errors/index.js';
import type { Cluster } from './cluster.js';
import type { ClusterWatch } from './cluster-watch.js';
import { FollowedLog } from './follow-log.js';
import {
  containerStatus,
  jobState,
  stepEnd,
  takenAway,
  type JobState,
  type Snapshot,
} from './job-state.js';
import { pendingReason, type PendingReason } from './pending-reason.js';

export interface FollowJobOptions {
  readonly cluster: Cluster;
  readonly watch: ClusterWatch;
  readonly job: string;
  readonly task: string;
  readonly logPath: string;
  readonly pendingSeconds: number;
  /** Ends the wait, not the Job. */
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

export type FollowedJob =
  | { readonly state: JobState; readonly snapshot: Snapshot }
  /** F3. */
  | { readonly givenUp: AnnealError }
  | { readonly aborted: true };

const READ_MS = 10_000;
const REFUSED_MS = 120_000;
/** While a pod does not start its reason is looked at more often. */
const PENDING_READ_MS = 2000;

/** Follows a Job to its end (F1, F2, F3). Nothing is removed here. */
export async function followJob(options: FollowJobOptions): Promise<FollowedJob> {
  const follower = new JobFollower(options);
  try {
    return await follower.follow();
  } finally {
    await follower.close();
  }
}

class JobFollower {
  private log: { readonly pod: string; readonly copy: FollowedLog } | undefined;
  private lost: string | undefined;
  private pendingSince = performance.now();
  private refusedSince: number | undefined;
  private said = '';
  private wake: () => void = () => undefined;
  private isWoken = false;

  constructor(private readonly options: FollowJobOptions) {}

  async follow(): Promise<FollowedJob> {
    const { watch, job, signal } = this.options;
    const ring = (): void => {
      this.isWoken = true;
      this.wake();
    };
    const unfollow = watch.follow(job, ring);
    signal.addEventListener('abort', ring);
    try {
      for (;;) {
        if (signal.aborted) return { aborted: true };
        this.isWoken = false;
        const ended = await this.look();
        if (ended !== undefined) return ended;
      }
    } finally {
      unfollow();
      signal.removeEventListener('abort', ring);
    }
  }

  async close(): Promise<void> {
    await this.log?.copy.abandon();
  }

  private async look(): Promise<FollowedJob | undefined> {
    const snapshot = await this.read();
    if (snapshot === undefined) {
      await this.pause(READ_MS);
      return undefined;
    }
    const pod = snapshot.pods.at(-1);
    this.lost ??= takenAway(pod);
    this.followLog(pod);
    const state = jobState(snapshot);
    if (state.kind !== 'running') {
      if (state.kind !== 'absent' && state.kind !== 'leaving') await this.log?.copy.finish();
      return { state: this.remembered(state), snapshot };
    }
    const pending = pendingReason(pod);
    if (pending === undefined) this.pendingSince = performance.now();
    const givenUp = pending && (await this.patience(pod, pending));
    if (givenUp !== undefined) return { givenUp };
    await this.pause(pending === undefined ? READ_MS : PENDING_READ_MS);
    return undefined;
  }

  /** A pod that was seen being taken away may be gone when its Job ends. */
  private remembered(state: JobState): JobState {
    const isTaken = state.kind === 'failed' || state.kind === 'lost';
    return isTaken && this.lost !== undefined ? { kind: 'lost', reason: this.lost } : state;
  }

  // F2
  private async read(): Promise<Snapshot | undefined> {
    const { cluster, job } = this.options;
    try {
      const [found, pods] = await Promise.all([cluster.readJob(job), cluster.podsOf(job)]);
      this.refusedSince = undefined;
      return { job: found, pods: [...pods].sort(byAge) };
    } catch (error) {
      const isFinal = isAnnealError(error) && !error.retryable;
      this.refusedSince ??= isFinal ? performance.now() : undefined;
      const refusedMs = performance.now() - (this.refusedSince ?? Infinity);
      if (isFinal && refusedMs > REFUSED_MS) throw error;
      this.say(`${(error as Error).message} It is waited for.`);
      return undefined;
    }
  }

  private followLog(pod: V1Pod | undefined): void {
    const name = pod?.metadata?.name;
    if (pod === undefined || name === undefined) return;
    const { running, terminated } = containerStatus(pod, 'task')?.state ?? {};
    if (running === undefined && terminated === undefined) return;
    const { cluster, logPath } = this.options;
    this.log ??= { pod: name, copy: new FollowedLog(cluster, name, logPath) };
    if (stepEnd(pod, 'task') !== undefined) this.log.copy.taskEnded();
  }

  /** Ends the wait for a pod that does not start (F3). */
  private async patience(
    pod: V1Pod | undefined,
    pending: PendingReason,
  ): Promise<AnnealError | undefined> {
    const { task, pendingSeconds, cluster, job } = this.options;
    if (pending.line !== undefined) this.say(`Task "${task}": ${pending.line}.`);
    const seconds = Math.min(pendingSeconds, pending.patienceSeconds);
    if (performance.now() - this.pendingSince < seconds * 1000) return undefined;
    const events = await cluster.eventsOf(pod?.metadata?.name ?? job).catch(() => []);
    return pending.error({ task, seconds }, events);
  }

  private say(line: string): void {
    if (line !== this.said) this.options.onProgress(line);
    this.said = line;
  }

  private async pause(milliseconds: number): Promise<void> {
    if (this.isWoken) return;
    const controller = new AbortController();
    this.wake = () => controller.abort();
    await delay(milliseconds, undefined, { signal: controller.signal }).catch(() => undefined);
    this.wake = () => undefined;
  }
}

function byAge(left: V1Pod, right: V1Pod): number {
  const at = (pod: V1Pod): string => String(pod.metadata?.creationTimestamp ?? '');
  return at(left).localeCompare(at(right));
}
