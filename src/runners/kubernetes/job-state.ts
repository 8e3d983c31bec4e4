// What a Job and its pods say about an execution.
//
// S1. A pod that the cluster took away is lost, whatever its containers' exit codes: the code was not at fault.
// S2. Only a Job's own condition ends an execution; a pod may still change its mind until then.

import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import { STEPS } from './build-job.js';

/** What was read at one moment. */
export interface Snapshot {
  readonly job: V1Job | undefined;
  /** The newest last. */
  readonly pods: readonly V1Pod[];
}

export type Step = keyof typeof STEPS;

export interface ContainerEnd {
  readonly step: Step;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export type JobState =
  | { readonly kind: 'absent' }
  /** The Job is on its way out: somebody deletes it. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'failed'; readonly end: ContainerEnd };

/** Reasons of a pod's failure that are the node's or the cluster's. */
const TAKEN_AWAY = new Set([
  'Evicted',
  'Preempting',
  'NodeLost',
  'NodeShutdown',
  'Shutdown',
  'Terminated',
  'UnexpectedAdmissionError',
  'NodeAffinity',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
  'OutOfephemeral-storage',
]);

/** Reads the state of an execution. */
export function jobState({ job, pods }: Snapshot): JobState {
  if (job === undefined) return { kind: 'absent' };
  if (job.metadata?.deletionTimestamp !== undefined) return { kind: 'leaving' };
  const conditions = job.status?.conditions ?? [];
  const isTrue = (type: string) =>
    conditions.find((each) => each.type === type && each.status === 'True');
  if (isTrue('Complete')) return { kind: 'succeeded' };
  const failed = isTrue('Failed');
  if (failed === undefined) return { kind: 'running' };
  if (failed.reason === 'DeadlineExceeded') return { kind: 'timeout' };
  const pod = pods.at(-1);
  const taken =
    takenAway(pod) ?? (failed.reason === 'PodFailurePolicy' ? failed.message : undefined);
  const end = pod && containerEnd(pod);
  if (taken !== undefined) return { kind: 'lost', reason: taken };
  if (end === undefined) return { kind: 'lost', reason: pod?.status?.message ?? 'its pod is gone' };
  return { kind: 'failed', end };
}

/** Why the cluster took a pod away; undefined when it did not (S1). */
export function takenAway(pod: V1Pod | undefined): string | undefined {
  const { status, metadata } = pod ?? {};
  const disrupted = status?.conditions?.find(
    ({ type, status: is }) => type === 'DisruptionTarget' && is === 'True',
  );
  if (disrupted !== undefined) {
    return sentence(disrupted.reason ?? 'disrupted', disrupted.message ?? status?.message);
  }
  if (TAKEN_AWAY.has(status?.reason ?? '')) return sentence(status!.reason!, status?.message);
  if (metadata?.deletionTimestamp !== undefined) return 'its pod was deleted';
  return undefined;
}

/** The container that ended the pod; undefined when none failed. */
export function containerEnd(pod: V1Pod): ContainerEnd | undefined {
  return Object.values(STEPS)
    .map((step) => stepEnd(pod, step))
    .find((end) => end !== undefined && end.exitCode !== 0);
}

/** How one container ended; undefined while it has not. */
export function stepEnd(pod: V1Pod, step: Step): ContainerEnd | undefined {
  const ended = containerStatus(pod, step)?.state?.terminated;
  if (ended === undefined) return undefined;
  return {
    step,
    exitCode: ended.exitCode,
    reason: ended.reason ?? '',
    message: ended.message ?? '',
    startedAt: isoOf(ended.startedAt),
    finishedAt: isoOf(ended.finishedAt),
  };
}

/** The status of one container; undefined before the node has taken the pod. */
export function containerStatus({ status }: V1Pod, step: Step): V1ContainerStatus | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.find(({ name }) => name === step);
}

// Times are texts here: the API's JSON is read as it is.
function isoOf(time: unknown): string | undefined {
  return typeof time === 'string' ? time : undefined;
}

function sentence(reason: string, message: string | undefined): string {
  return message ? `${reason}: ${message.trim().replace(/\.$/, '')}` : reason;
}
