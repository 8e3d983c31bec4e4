import { openLocalStore } from '../../src/storage/index.js';
import { keys, readManifest } from '../../src/lineage/index.js';
import type { ExecutionManifest } from '../../src/lineage/index.js';

/** Every published execution of a home's store. */
export async function readManifests(home: string): Promise<ExecutionManifest[]> {
  const store = await openLocalStore(`${home}/store`);
  const manifests: ExecutionManifest[] = [];
  for await (const { key } of store.list(keys.RUNS_FOLDER)) {
    if (key.endsWith('/_manifest.json')) manifests.push((await readManifest(store, key))!);
  }
  return manifests;
}
