import type { EnvironmentDescription } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { readEnvironment } from './environment-record.js';
import type { ExecutionManifest } from './execution-manifest.js';

/** Runners of images may identify them in another way. */
const DIGEST = /^sha256:[0-9a-f]{64}$/u;

/** Descriptions of the environments that executions ran in, by digest, as far as they were recorded. */
export async function environmentsOf(
  store: ArtifactStore,
  manifests: readonly ExecutionManifest[],
): Promise<Record<string, EnvironmentDescription>> {
  const digests = new Set(
    manifests
      .flatMap(({ environmentDigest }) => environmentDigest ?? [])
      .filter((digest) => DIGEST.test(digest)),
  );
  const environments: Record<string, EnvironmentDescription> = {};
  for (const digest of [...digests].sort()) {
    const description = await readEnvironment(store, digest);
    if (description !== undefined) environments[digest] = description;
  }
  return environments;
}
