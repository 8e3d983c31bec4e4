import type { EnvironmentDescription, RunView } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { environmentsOf } from './environments-of.js';
import type { ExecutionManifest } from './execution-manifest.js';
import { readRunManifests } from './run-manifests.js';
import type { LockedImport, LockedTask, RunLock } from './run-lock.js';
import type { SpecReader } from './spec-reader.js';

export interface LockTools {
  readonly specs: SpecReader;
  /** Version of Anneal. */
  readonly anneal: string;
  readonly node: string;
}

/**
 * Makes the certificate of a run that has ended from what the store keeps of it.
 * @throws E_RECORD when a manifest is damaged
 */
export async function buildLock(
  store: ArtifactStore,
  view: RunView,
  { specs, anneal, node }: LockTools,
): Promise<RunLock> {
  const manifests = await readRunManifests(store, view.runId);
  const pipeline = await specs.pipeline(view.digest);
  const imageOf = ({ component }: ExecutionManifest): string | undefined => {
    const label = pipeline?.spec.components?.[component]?.executorLabel ?? '';
    return pipeline?.deployment.executors[label]?.container?.image;
  };
  const { runId, version, status, parameters, options, startedAt, finishedAt, outputs } = view;
  const environments: Readonly<Record<string, EnvironmentDescription>> = await environmentsOf(
    store,
    manifests,
  );
  return {
    schemaVersion: 1,
    runId,
    status: status === 'running' ? 'canceled' : status,
    pipeline: { name: view.pipeline, version, digest: view.digest, source: view.source },
    parameters,
    baseFolder: options?.baseFolder,
    anneal,
    node,
    startedAt,
    finishedAt,
    imports: manifests.filter(({ runner }) => runner === 'importer').flatMap(importsOf),
    tasks: manifests.map((manifest) => lockedTask(manifest, imageOf(manifest))),
    environments,
    outputs,
  };
}

function lockedTask(manifest: ExecutionManifest, image: string | undefined): LockedTask {
  const { task, component, componentDigest, environmentDigest, platformDigest } = manifest;
  const { runner, attempt, cachedFrom, inputs, outputs } = manifest;
  const identity = { task, component, componentDigest, image, environmentDigest, platformDigest };
  return { ...identity, runner, attempt, cachedFrom: cachedFrom?.runId, inputs, outputs };
}

function importsOf({ task, outputs }: ExecutionManifest): LockedImport[] {
  return Object.values(outputs.artifacts)
    .flat()
    .map(({ uri, digest, sizeBytes }) => ({ task, uri, digest, sizeBytes }));
}
