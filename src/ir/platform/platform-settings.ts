// What `platforms.kubernetes` asks for one task, in terms that a runner can honour without a cluster.
//
// S1. Values of secrets are never in here: only the names under which a runner finds them.
// S2. A name that resolved to null belongs to an optional input that was not given: its setting is left out,
//     as the KFP backend does (ErrResolvedParameterNull).

import type { JsonObject } from '../../util/json.js';
import type { KubernetesExecutorConfigJson } from '../spec.js';
import { podSettings, type PodSettings } from './pod-settings.js';
import type { WorkspaceVolume } from './workspace-volume.js';

export type ObjectKind = 'secret' | 'config map';

/** One key of a secret or config map as an environment variable. */
export interface ObjectVariable {
  /** Where it is asked for: `secretAsEnv[0]`. */
  readonly where: string;
  readonly variable: string;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly key: string;
  readonly optional: boolean;
}

/** A folder that the task must see at a fixed path. */
export interface VolumeMount {
  readonly where: string;
  readonly kind: ObjectKind | 'volume' | 'scratch' | 'workspace';
  readonly name: string;
  /** Absolute. */
  readonly mountPath: string;
  readonly subPath?: string;
  readonly optional: boolean;
}

/** A fact about the task itself as an environment variable. */
export interface FieldVariable {
  readonly where: string;
  readonly variable: string;
  /** `metadata.labels['x']`, … */
  readonly fieldPath: string;
}

export interface PlatformSettings {
  readonly variables: readonly ObjectVariable[];
  readonly mounts: readonly VolumeMount[];
  readonly fields: readonly FieldVariable[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  /** What only a pod can be given; never part of a cache key. */
  readonly pod?: PodSettings;
  /** The volume behind a mounted workspace. */
  readonly workspace?: WorkspaceVolume;
}

/** @param names  the names of platformNames, as far as they are known (S2) */
export function platformSettings(
  config: KubernetesExecutorConfigJson,
  names: JsonObject,
): PlatformSettings {
  const nameAt = (where: string): string | undefined => {
    const name = names[where];
    return typeof name === 'string' && name !== '' ? name : undefined;
  };
  const deadline = Number(config.activeDeadlineSeconds ?? 0);
  return {
    variables: variables(config, nameAt),
    mounts: [...namedMounts(config, nameAt), ...scratchMounts(config)],
    fields: (config.fieldPathAsEnv ?? []).map(({ name = '', fieldPath = '' }, index) => ({
      where: `fieldPathAsEnv[${index}]`,
      variable: name,
      fieldPath,
    })),
    labels: config.podMetadata?.labels ?? {},
    annotations: config.podMetadata?.annotations ?? {},
    ...(deadline > 0 ? { timeoutSeconds: deadline } : {}),
    pod: podSettings(config, names),
  };
}

type NameAt = (where: string) => string | undefined;

function variables(config: KubernetesExecutorConfigJson, nameAt: NameAt): ObjectVariable[] {
  const ofSecrets = (config.secretAsEnv ?? []).map(({ keyToEnv = [], optional = false }) => ({
    optional,
    keys: keyToEnv.map(({ secretKey = '', envVar = '' }) => [secretKey, envVar] as const),
  }));
  const ofMaps = (config.configMapAsEnv ?? []).map(({ keyToEnv = [], optional = false }) => ({
    optional,
    keys: keyToEnv.map(({ configMapKey = '', envVar = '' }) => [configMapKey, envVar] as const),
  }));
  const list = (setting: string, kind: ObjectKind, entries: typeof ofSecrets): ObjectVariable[] =>
    entries.flatMap(({ keys, optional }, index) => {
      const where = `${setting}[${index}]`;
      const name = nameAt(where);
      if (name === undefined) return [];
      return keys.map(([key, variable]) => ({ where, variable, kind, name, key, optional }));
    });
  return [
    ...list('secretAsEnv', 'secret', ofSecrets),
    ...list('configMapAsEnv', 'config map', ofMaps),
  ];
}

function namedMounts(config: KubernetesExecutorConfigJson, nameAt: NameAt): VolumeMount[] {
  const entries: [string, VolumeMount['kind'], readonly MountEntry[]][] = [
    ['secretAsVolume', 'secret', config.secretAsVolume ?? []],
    ['configMapAsVolume', 'config map', config.configMapAsVolume ?? []],
    ['pvcMount', 'volume', config.pvcMount ?? []],
  ];
  return entries.flatMap(([setting, kind, list]) =>
    list.flatMap(({ mountPath = '', subPath, optional = false }, index) => {
      const where = `${setting}[${index}]`;
      const name = nameAt(where);
      return name === undefined ? [] : [{ where, kind, name, mountPath, subPath, optional }];
    }),
  );
}

interface MountEntry {
  readonly mountPath?: string;
  readonly subPath?: string;
  readonly optional?: boolean;
}

/** Folders that last as long as the task. */
function scratchMounts(config: KubernetesExecutorConfigJson): VolumeMount[] {
  const settings = ['emptyDirMounts', 'genericEphemeralVolume'] as const;
  return settings.flatMap((setting) =>
    (config[setting] ?? []).map(({ volumeName = '', mountPath = '' }, index) => ({
      where: `${setting}[${index}]`,
      kind: 'scratch' as const,
      name: volumeName,
      mountPath,
      optional: false,
    })),
  );
}
