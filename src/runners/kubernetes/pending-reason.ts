// Why a pod does not start, and how long that is waited for.

import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import type { AnnealError } from '../../errors/index.js';
import { imageNotPulled, podNotConfigured, podNotPlaced } from '../../errors/kubernetes.js';
import { STEPS } from './build-job.js';
import { containerStatus } from './job-state.js';

export interface PendingReason {
  /** One line for the user; absent for what is normal for a while. */
  readonly line?: string;
  /** Seconds that it may last; Infinity: as long as the runner's own patience. */
  readonly patienceSeconds: number;
  /** The error to end with. @param events  what the cluster says about it */
  readonly error: (place: PendingPlace, events: readonly CoreV1Event[]) => AnnealError;
}

export interface PendingPlace {
  readonly task: string;
  /** How long was waited. */
  readonly seconds: number;
}

const PULL = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'RegistryUnavailable',
  'ImageInspectError',
]);
const NEVER_PULLED = new Set(['InvalidImageName', 'ErrImageNeverPull']);
const CONFIGURATION = new Set(['CreateContainerConfigError', 'CreateContainerError']);
/** A registry that is down for a moment; a secret that another controller is about to make. */
const PULL_SECONDS = 300;
const CONFIGURATION_SECONDS = 120;

/** @returns undefined when the pod has started */
export function pendingReason(pod: V1Pod | undefined): PendingReason | undefined {
  if (pod === undefined) return withoutPod();
  return (
    unplaced(pod) ??
    Object.values(STEPS)
      .map((step) => waiting(pod, step))
      .find(Boolean) ??
    settingUp(pod)
  );
}

function withoutPod(): PendingReason {
  return {
    patienceSeconds: Infinity,
    error: ({ task, seconds }, events) =>
      podNotPlaced(task, seconds, lastWarning(events) ?? 'no pod was made for its Job'),
  };
}

function unplaced({ status }: V1Pod): PendingReason | undefined {
  const placed = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (placed?.status !== 'False') return undefined;
  const message = placed.message ?? placed.reason ?? 'no node fits';
  return {
    line: `no node takes it yet: ${message}`,
    patienceSeconds: Infinity,
    error: ({ task, seconds }) => podNotPlaced(task, seconds, message),
  };
}

function waiting(pod: V1Pod, step: keyof typeof STEPS): PendingReason | undefined {
  const status = containerStatus(pod, step);
  const { reason = '', message = '' } = status?.state?.waiting ?? {};
  if (PULL.has(reason) || NEVER_PULLED.has(reason)) {
    const image = status?.image || imageOf(pod, step);
    return {
      line: `its image cannot be had yet: ${image} (${reason})`,
      patienceSeconds: NEVER_PULLED.has(reason) ? 0 : PULL_SECONDS,
      error: () => imageNotPulled(image, reason, message || reason),
    };
  }
  if (!CONFIGURATION.has(reason)) return undefined;
  return {
    line: `it cannot be set up yet: ${message}`,
    patienceSeconds: CONFIGURATION_SECONDS,
    error: ({ task }) => podNotConfigured(task, message || reason),
  };
}

/** A volume that is not there keeps a pod's containers from being made; only an event says so. */
function settingUp(pod: V1Pod): PendingReason | undefined {
  const { waiting: isWaiting } = containerStatus(pod, 'fetch')?.state ?? { waiting: {} };
  if (pod.status?.phase !== 'Pending' || isWaiting === undefined) return undefined;
  return {
    patienceSeconds: Infinity,
    error: ({ task, seconds }, events) => {
      const said = lastWarning(events) ?? 'its containers are not made';
      return /not found/.test(said)
        ? podNotConfigured(task, said)
        : podNotPlaced(task, seconds, said);
    },
  };
}

function lastWarning(events: readonly CoreV1Event[]): string | undefined {
  return events.findLast(({ type }) => type === 'Warning')?.message;
}

function imageOf({ spec }: V1Pod, step: string): string {
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return all.find(({ name }) => name === step)?.image ?? '';
}
