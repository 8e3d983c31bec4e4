// What becomes of a version: entries in the log of its model.

import { clientErrors, modelErrors } from '../errors/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { appendEvent } from './append-event.js';
import { foldModel, type ModelVersionView } from './fold-model.js';
import type { ModelEvent } from './model-event.js';
import type { ModelVersion } from './model-version.js';
import { readVersions, showModel } from './read-model.js';

/** Who changes what, and why. */
export interface StageChange {
  readonly name: string;
  readonly version: number;
  readonly by: string;
  readonly reason?: string;
  /** The same cause changes something once. */
  readonly cause: string;
  readonly runId?: string;
}

/** Records that the endpoint serves a version: it is the champion now. @throws E_NOT_FOUND, E_RECORD */
export function markChampion(store: ArtifactStore, change: StageChange): Promise<ModelEvent> {
  return record(store, 'promoted', change);
}

/** Records that the endpoint went back to a version. @throws E_NOT_FOUND, E_RECORD */
export function markRolledBack(store: ArtifactStore, change: StageChange): Promise<ModelEvent> {
  return record(store, 'rolled_back', change);
}

/** Records a person's decision on a version. @throws E_NOT_FOUND, E_RECORD */
export function recordApproval(
  store: ArtifactStore,
  { approved, ...change }: StageChange & { readonly approved: boolean },
): Promise<ModelEvent> {
  return record(store, approved ? 'approved' : 'rejected', change);
}

/** Puts a version away. @throws E_NOT_FOUND; E_STATE for the champion: an endpoint serves it */
export async function archiveVersion(
  store: ArtifactStore,
  change: StageChange,
): Promise<ModelEvent> {
  await assertVersion(store, change);
  const { name, ...event } = change;
  return appendEvent(store, name, { kind: 'archived', ...event }, (log) => {
    if (foldModel(name, [], log).champion === event.version) {
      throw modelErrors.isServing(name, event.version);
    }
  });
}

/** Finds the version that has these bytes. */
export async function versionOfDigest(
  store: ArtifactStore,
  name: string,
  digest: string,
): Promise<ModelVersion | undefined> {
  const versions = await readVersions(store, name);
  return versions.find(({ model }) => model.digest === digest);
}

async function record(
  store: ArtifactStore,
  kind: ModelEvent['kind'],
  change: StageChange,
): Promise<ModelEvent> {
  await assertVersion(store, change);
  const { name, ...event } = change;
  return appendEvent(store, name, { kind, ...event });
}

async function assertVersion(
  store: ArtifactStore,
  { name, version }: StageChange,
): Promise<ModelVersionView> {
  const { versions } = await showModel(store, name);
  const found = versions.find((each) => each.version === version);
  if (found !== undefined) return found;
  throw clientErrors.notFound('model version', `${name}@${version}`, {
    hint: `Versions of "${name}": ${versions.map((each) => each.version).join(', ')}.`,
  });
}
