import type { ImportRequest, TaskResult } from '../contract/index.js';
import { keys, publishManifest } from '../lineage/index.js';
import { openImportSource, type ImportSource } from '../storage/index.js';
import type { JsonObject } from '../util/index.js';
import type { ActivityParts } from './activity-parts.js';
import { shareImport } from './share-import.js';
import { publishedResult, taskResult } from './task-result.js';

/** Records data from outside as an artifact: its address, digest and size at this moment. */
export async function importArtifact(
  parts: ActivityParts,
  request: ImportRequest,
  signal: AbortSignal,
): Promise<TaskResult> {
  const { store } = parts;
  const manifestKey = keys.manifestKey(request.run.runId, request.task);
  const earlier = await publishedResult(store, request);
  if (earlier !== undefined) return earlier;

  const startedAt = new Date().toISOString();
  const policy = {
    baseFolder: request.baseFolder ?? parts.projectFolder,
    allowedRoots: parts.importRoots,
    allowAnyPlace: request.uriSource === 'parameter',
  };
  const source = await openImportSource(request.uri, policy, { store, inUse: signal });
  const artifact = {
    name: 'artifact',
    type: request.type,
    schemaVersion: request.schemaVersion,
    uri: await shareImport(store, source),
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
    inputs: { parameters: { uri: request.uri, ...versionOf(source) }, artifacts: {} },
    outputs: { parameters: {}, artifacts: { artifact: [artifact] } },
    runner: 'importer',
    worker: parts.identity,
    startedAt,
    finishedAt: new Date().toISOString(),
  });
  return taskResult(manifest, manifestKey);
}

/** Which version of an object in S3 was read. */
function versionOf({ version }: ImportSource): JsonObject {
  if (version === undefined) return {};
  const { etag, versionId } = version;
  return { etag, ...(versionId === undefined ? {} : { version_id: versionId }) };
}
