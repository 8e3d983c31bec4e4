import type { InputParameterJson, KubernetesExecutorConfigJson } from '../spec.js';

/** Settings that name an object of the cluster, by the name of the run's own choosing. */
const NAMED = [
  'secretAsEnv',
  'secretAsVolume',
  'configMapAsEnv',
  'configMapAsVolume',
  'pvcMount',
  'imagePullSecret',
] as const;

/** Lists whose entries may come whole, as JSON, from the run. */
const AS_JSON = { tolerations: 'tolerationJson', nodeAffinity: 'nodeAffinityJson' } as const;

/** Where a name stands: `secretAsEnv[0]`. */
export type NameKey = string;

/**
 * Lists where an executor's platform settings take the names of secrets, config maps and volumes from, in the
 * present form; the deprecated fields are read as it (backend/src/v2/driver/k8s.go). Placement rules that the
 * run gives as JSON are among them.
 */
export function platformNames(
  config: KubernetesExecutorConfigJson,
): Readonly<Record<NameKey, InputParameterJson>> {
  const names: Record<NameKey, InputParameterJson> = {};
  for (const kind of NAMED) {
    (config[kind] ?? []).forEach((entry: NamedEntry, index) => {
      const source = sourceOf(entry);
      if (source !== undefined) names[`${kind}[${index}]`] = source;
    });
  }
  return { ...names, ...jsonSettings(config) };
}

function jsonSettings(config: KubernetesExecutorConfigJson): Record<NameKey, InputParameterJson> {
  const sources: Record<NameKey, InputParameterJson> = {};
  const selector = config.nodeSelector?.nodeSelectorJson;
  if (selector !== undefined) sources['nodeSelector'] = selector;
  for (const [setting, field] of Object.entries(AS_JSON)) {
    const entries = config[setting as keyof typeof AS_JSON] ?? [];
    entries.forEach((entry: Record<string, unknown>, index) => {
      const source = entry[field] as InputParameterJson | undefined;
      if (source !== undefined) sources[`${setting}[${index}]`] = source;
    });
  }
  return sources;
}

interface NamedEntry {
  readonly secretName?: string;
  readonly secretNameParameter?: InputParameterJson;
  readonly configMapName?: string;
  readonly configMapNameParameter?: InputParameterJson;
  readonly pvcNameParameter?: InputParameterJson;
  readonly constant?: string;
  readonly taskOutputParameter?: InputParameterJson['taskOutputParameter'];
  readonly componentInputParameter?: string;
}

function sourceOf(entry: NamedEntry): InputParameterJson | undefined {
  const present =
    entry.secretNameParameter ?? entry.configMapNameParameter ?? entry.pvcNameParameter;
  if (present !== undefined) return present;
  const { taskOutputParameter, componentInputParameter } = entry;
  if (taskOutputParameter) return { taskOutputParameter };
  if (componentInputParameter) return { componentInputParameter };
  const constant = entry.secretName ?? entry.configMapName ?? entry.constant;
  return constant ? { runtimeValue: { constant } } : undefined;
}
