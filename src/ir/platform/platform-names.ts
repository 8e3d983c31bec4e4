import type { InputParameterJson, KubernetesExecutorConfigJson } from '../spec.js';

/** Settings that name an object of the cluster, by the name of the run's own choosing. */
const NAMED = [
  'secretAsEnv',
  'secretAsVolume',
  'configMapAsEnv',
  'configMapAsVolume',
  'pvcMount',
] as const;

/** Where a name stands: `secretAsEnv[0]`. */
export type NameKey = string;

/**
 * Lists where an executor's platform settings take the names of secrets, config maps and volumes from, in the
 * present form; the deprecated fields are read as it (backend/src/v2/driver/k8s.go).
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
  return names;
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
