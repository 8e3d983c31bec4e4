import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ArtifactRef } from '../../../src/contract/index.js';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { keys, type ExecutionManifest } from '../../../src/lineage/index.js';

/** A store in a new folder that is removed when the test ends. */
export async function temporaryStore(): Promise<ArtifactStore> {
  const folder = await mkdtemp(join(tmpdir(), 'anneal-lineage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openLocalStore(folder);
}

/** Writes and publishes one output of a task, as an activity does. */
export async function publishOutput(
  store: ArtifactStore,
  place: { readonly runId: string; readonly task: string; readonly name: string },
  text: string,
): Promise<ArtifactRef> {
  const staging = await store.stage(keys.attemptFolder(place.runId, place.task, 1));
  await writeFile(join(staging.folder, place.name), text);
  const content = await staging.publish(place.name);
  return {
    name: place.name,
    type: 'system.Dataset',
    schemaVersion: '0.0.1',
    uri: staging.outputUri(place.name),
    digest: content!.digest,
    sizeBytes: content!.sizeBytes,
    metadata: {},
  };
}

/** A manifest with everything that must be there; `changes` say what matters to the test. */
export function manifestOf(
  runId: string,
  task: string,
  changes: Partial<ExecutionManifest> = {},
): ExecutionManifest {
  return {
    schemaVersion: 1,
    run: { runId, pipeline: 'churn', digest: `sha256:${'0'.repeat(64)}` },
    task,
    component: `comp-${task}`,
    attempt: 1,
    inputs: { parameters: {}, artifacts: {} },
    outputs: { parameters: {}, artifacts: {} },
    runner: 'process',
    startedAt: '2025-01-01T00:00:00.000Z',
    finishedAt: '2025-01-01T00:00:01.000Z',
    ...changes,
  };
}

/** TaskValues holding one artifact. */
export function holding(artifact: ArtifactRef): ExecutionManifest['outputs'] {
  return { parameters: {}, artifacts: { [artifact.name]: [artifact] } };
}
