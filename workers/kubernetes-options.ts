import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../src/config/index.js';
import { PACKAGE_ROOT } from '../src/devserver/index.js';
import type { KubernetesRunnerOptions } from '../src/runners/index.js';
import type { ArtifactStore } from '../src/storage/index.js';

/** The settings of the kubernetes runner as it takes them. */
export function kubernetesOptions(
  settings: Settings,
  store: ArtifactStore,
): Omit<KubernetesRunnerOptions, 'onProgress'> {
  const { s3Endpoint, cpu, memory, ...same } = settings.kubernetes;
  const { endpoint, ...rest } = settings.s3;
  return {
    ...same,
    store,
    storeAddress: settings.store,
    s3: { ...rest, endpoint: s3Endpoint ?? endpoint },
    tasksImage: kubernetesImage(settings),
    defaultCpu: cpu,
    defaultMemory: memory,
  };
}

/** The anneal-tasks image as the cluster finds it. */
export function kubernetesImage({ kubernetes }: Settings): string {
  return kubernetes.image ?? `anneal-tasks:${version()}`;
}

function version(): string {
  const manifest = readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
