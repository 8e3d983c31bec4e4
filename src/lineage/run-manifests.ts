import type { ArtifactStore } from '../storage/index.js';
import { readManifest, type ExecutionManifest } from './execution-manifest.js';
import { runFolder } from './keys.js';

/** Reads in flight: enough to hide a store's delay, few enough for its limits. */
const AT_ONCE = 32;

/** Reads every published execution of a run, sorted by task. @throws E_RECORD when one is damaged */
export async function readRunManifests(
  store: ArtifactStore,
  runId: string,
): Promise<ExecutionManifest[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${runFolder(runId)}/tasks`)) {
    if (key.endsWith('/_manifest.json')) keys.push(key);
  }
  const manifests: ExecutionManifest[] = [];
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const batch = keys.slice(start, start + AT_ONCE).map((key) => readManifest(store, key));
    manifests.push(...(await Promise.all(batch)).filter((manifest) => manifest !== undefined));
  }
  return manifests.sort((left, right) => (left.task < right.task ? -1 : 1));
}
