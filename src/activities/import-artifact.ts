import { pathToFileURL } from 'node:url';
import type { ImportRequest, TaskResult } from '../contract/index.js';
import { keys, publishManifest } from '../lineage/index.js';
import { openImportSource } from '../storage/index.js';
import type { ActivityParts } from './activity-parts.js';
import { publishedResult, taskResult } from './task-result.js';

/** Records data from outside as an artifact: its address, digest and size at this moment. */
export async function importArtifact(
  parts: ActivityParts,
  request: ImportRequest,
): Promise<TaskResult> {
  const { store } = parts;
  const manifestKey = keys.manifestKey(request.run.runId, request.task);
  const earlier = await publishedResult(store, request);
  if (earlier !== undefined) return earlier;

  const startedAt = new Date().toISOString();
  const source = await openImportSource(request.uri, {
    baseFolder: request.baseFolder ?? parts.projectFolder,
    allowedRoots: parts.importRoots,
    allowAnyLocalPath: request.uriSource === 'parameter',
  });
  const artifact = {
    name: 'artifact',
    type: request.type,
    schemaVersion: request.schemaVersion,
    uri: pathToFileURL(source.localPath).href,
    digest: source.digest,
    sizeBytes: source.sizeBytes,
    metadata: request.metadata,
  };
  const { manifest } = await publishManifest(store, {
    schemaVersion: 1,
    run: request.run,
    task: request.task,
    component: request.component,
    attempt: 1,
    inputs: { parameters: { uri: request.uri }, artifacts: {} },
    outputs: { parameters: {}, artifacts: { artifact: [artifact] } },
    runner: 'importer',
    startedAt,
    finishedAt: new Date().toISOString(),
  });
  return taskResult(manifest, manifestKey);
}
