import type { TaskResult } from '../contract/index.js';
import type { ExecutionManifest } from '../lineage/index.js';

/** What the workflow learns of a published execution. */
export function taskResult(manifest: ExecutionManifest, manifestKey: string): TaskResult {
  return {
    outputs: manifest.outputs,
    manifestKey,
    cached: manifest.cachedFrom !== undefined,
  };
}
