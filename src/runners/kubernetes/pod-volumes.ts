// The folders of a pod: the attempt's own, and those that the platform document asks for.
//
// V1. The task gets its inputs read-only and never the credentials of the store.
// V2. Names of volumes are ours: those of the pipeline need not be DNS labels, and two may be equal.

import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { PlatformSettings, PodSettings, VolumeMount } from '../../ir/platform/index.js';
import { CONTAINER_TASK_FOLDER } from '../task-files.js';
import { workspaceName } from './job-name.js';
import { INPUTS_FOLDER } from './transfer-plan.js';

export interface PodVolumes {
  readonly volumes: V1Volume[];
  /** Mounts of the containers that move artifacts. */
  readonly transfer: V1VolumeMount[];
  /** Mounts of the task. */
  readonly task: V1VolumeMount[];
}

/** Lays out the volumes of one execution's pod. */
export function podVolumes(runId: string, platform: PlatformSettings | undefined): PodVolumes {
  const own: V1Volume[] = [
    { name: 'anneal-inputs', emptyDir: {} },
    { name: 'anneal-task', emptyDir: {} },
    { name: 'anneal-tmp', emptyDir: {} },
  ];
  const inputs = { name: 'anneal-inputs', mountPath: INPUTS_FOLDER };
  const work = { name: 'anneal-task', mountPath: CONTAINER_TASK_FOLDER };
  const wanted = [...mounted(runId, platform), ...sharedMemory(platform?.pod)];
  return {
    volumes: [...own, ...wanted.map(({ volume }) => volume)],
    transfer: [inputs, work, { name: 'anneal-tmp', mountPath: '/tmp' }],
    task: [{ ...inputs, readOnly: true }, work, ...wanted.map(({ mount }) => mount)], // V1
  };
}

interface WantedVolume {
  readonly volume: V1Volume;
  readonly mount: V1VolumeMount;
}

function mounted(runId: string, platform: PlatformSettings | undefined): WantedVolume[] {
  return (platform?.mounts ?? []).map((mount, index) => {
    const name = `volume-${index}`; // V2
    const isReadOnly = mount.kind === 'secret' || mount.kind === 'config map';
    return {
      volume: { name, ...sourceOf(mount, runId, platform?.pod) },
      mount: {
        name,
        mountPath: mount.mountPath,
        ...(mount.subPath ? { subPath: mount.subPath } : {}),
        ...(isReadOnly ? { readOnly: true } : {}),
      },
    };
  });
}

function sourceOf(
  { kind, name, optional, where }: VolumeMount,
  runId: string,
  pod: PodSettings | undefined,
): Omit<V1Volume, 'name'> {
  switch (kind) {
    case 'secret':
      return { secret: { secretName: name, optional } };
    case 'config map':
      return { configMap: { name, optional } };
    case 'volume':
      return { persistentVolumeClaim: { claimName: name } };
    case 'workspace':
      return { persistentVolumeClaim: { claimName: workspaceName(runId) } };
    case 'scratch':
      return scratchSource(pod?.scratch.find((each) => each.where === where));
  }
}

function scratchSource(
  scratch: PodSettings['scratch'][number] | undefined,
): Omit<V1Volume, 'name'> {
  if (scratch?.claim === undefined) {
    const { medium, sizeLimit } = scratch ?? {};
    return { emptyDir: { ...(medium ? { medium } : {}), ...(sizeLimit ? { sizeLimit } : {}) } };
  }
  const { accessModes, size, storageClassName, labels, annotations } = scratch.claim;
  return {
    ephemeral: {
      volumeClaimTemplate: {
        metadata: { labels, annotations },
        spec: {
          accessModes: [...accessModes],
          ...(storageClassName === undefined ? {} : { storageClassName }),
          resources: { requests: { storage: size } },
        },
      },
    },
  };
}

function sharedMemory(pod: PodSettings | undefined): WantedVolume[] {
  if (pod?.sharedMemory === undefined) return [];
  const { size } = pod.sharedMemory;
  return [
    {
      volume: {
        name: 'shared-memory',
        emptyDir: { medium: 'Memory', ...(size === undefined ? {} : { sizeLimit: size }) },
      },
      mount: { name: 'shared-memory', mountPath: '/dev/shm' },
    },
  ];
}
