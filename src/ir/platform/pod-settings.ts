// What `platforms.kubernetes` asks of a task's pod alone: where it is placed and how it is set up. Nothing here
// changes what a task computes, so none of it is part of a cache key.
//
// D1. The shapes are the Kubernetes API's own, as KFP's driver writes them (backend/src/v2/driver/k8s.go).
// D2. A setting that a run's parameter gives as JSON replaces the fixed one beside it.

import type { JsonObject, JsonValue } from '../../util/json.js';
import type { KubernetesExecutorConfigJson } from '../spec.js';
import { podAffinity, type PodAffinity } from './pod-affinity.js';

/** How a folder that lasts as long as the task is kept. */
export interface ScratchVolume {
  /** `emptyDirMounts[0]`, as in the mounts. */
  readonly where: string;
  /** `Memory`, or the node's disk. */
  readonly medium?: string;
  readonly sizeLimit?: string;
  /** Present: a volume of its own instead of the node's disk. */
  readonly claim?: {
    readonly accessModes: readonly string[];
    readonly size: string;
    readonly storageClassName?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
}

export interface PodSettings {
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Tolerations of the API. */
  readonly tolerations: readonly JsonObject[];
  readonly affinity?: PodAffinity;
  readonly imagePullSecrets: readonly string[];
  readonly imagePullPolicy?: string;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  /** Folder in memory at /dev/shm. */
  readonly sharedMemory?: { readonly size?: string };
  readonly scratch: readonly ScratchVolume[];
}

/**
 * @param values  what the platform document takes from the run, by place (`nodeSelector`, `tolerations[0]`, …)
 */
export function podSettings(config: KubernetesExecutorConfigJson, values: JsonObject): PodSettings {
  const { imagePullPolicy, securityContext, enabledSharedMemory: memory } = config;
  const affinity = podAffinity(config, values);
  return {
    nodeSelector: nodeSelector(config, values),
    tolerations: (config.tolerations ?? []).flatMap((entry, index) =>
      tolerations(entry, jsonOf(values[`tolerations[${index}]`])),
    ),
    ...(affinity === undefined ? {} : { affinity }),
    imagePullSecrets: (config.imagePullSecret ?? []).flatMap((_, index) => {
      const name = values[`imagePullSecret[${index}]`];
      return typeof name === 'string' && name !== '' ? [name] : [];
    }),
    ...(imagePullPolicy ? { imagePullPolicy } : {}),
    ...(securityContext?.runAsUser === undefined
      ? {}
      : { runAsUser: Number(securityContext.runAsUser) }),
    ...(securityContext?.runAsGroup === undefined
      ? {}
      : { runAsGroup: Number(securityContext.runAsGroup) }),
    ...(securityContext?.runAsNonRoot === undefined
      ? {}
      : { runAsNonRoot: securityContext.runAsNonRoot }),
    ...(memory === undefined ? {} : { sharedMemory: memory.size ? { size: memory.size } : {} }),
    scratch: scratch(config),
  };
}

/** JSON of a run's parameter, given as a structure or as its text. */
export function jsonOf(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== 'string') return value ?? undefined;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return undefined;
  }
}

// D2
function nodeSelector(
  { nodeSelector: wanted }: KubernetesExecutorConfigJson,
  values: JsonObject,
): Record<string, string> {
  const given = jsonOf(values['nodeSelector']);
  const labels = isObject(given) ? given : (wanted?.labels ?? {});
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

type TolerationEntry = NonNullable<KubernetesExecutorConfigJson['tolerations']>[number];

function tolerations(entry: TolerationEntry, given: JsonValue | undefined): JsonObject[] {
  if (entry.tolerationJson !== undefined) {
    return (Array.isArray(given) ? given : [given]).filter(isObject);
  }
  const { key, operator, value, effect, tolerationSeconds } = entry;
  return [
    {
      ...(key ? { key } : {}),
      ...(operator ? { operator } : {}),
      ...(value ? { value } : {}),
      ...(effect ? { effect } : {}),
      ...(tolerationSeconds === undefined ? {} : { tolerationSeconds: Number(tolerationSeconds) }),
    },
  ];
}

function scratch(config: KubernetesExecutorConfigJson): ScratchVolume[] {
  const folders = (config.emptyDirMounts ?? []).map(({ medium, sizeLimit }, index) => ({
    where: `emptyDirMounts[${index}]`,
    ...(medium ? { medium } : {}),
    ...(sizeLimit ? { sizeLimit } : {}),
  }));
  const volumes = (config.genericEphemeralVolume ?? []).map((volume, index) => ({
    where: `genericEphemeralVolume[${index}]`,
    claim: {
      accessModes: volume.accessModes ?? ['ReadWriteOnce'],
      size: volume.size ?? '',
      ...(volume.defaultStorageClass || !volume.storageClassName
        ? {}
        : { storageClassName: volume.storageClassName }),
      labels: volume.metadata?.labels ?? {},
      annotations: volume.metadata?.annotations ?? {},
    },
  }));
  return [...folders, ...volumes];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
