import type { TaskRequest, TaskResult } from '../contract/index.js';
import { keys, readManifest } from '../lineage/index.js';
import type { ExecutionManifest } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';

/** What the workflow learns of a published execution. */
export function taskResult(manifest: ExecutionManifest, manifestKey: string): TaskResult {
  return {
    outputs: manifest.outputs,
    manifestKey,
    cached: manifest.cachedFrom !== undefined,
  };
}

/** What an earlier call for the same task has published already; undefined when this is the first. */
export async function publishedResult(
  store: ArtifactStore,
  { run, task }: Pick<TaskRequest, 'run' | 'task'>,
): Promise<TaskResult | undefined> {
  const key = keys.manifestKey(run.runId, task);
  const manifest = await readManifest(store, key);
  return manifest === undefined ? undefined : taskResult(manifest, key);
}
