import type { CacheLookup, TaskRequest } from '../contract/index.js';
import {
  cacheKeyOf,
  componentDigest,
  keys,
  lookupCache,
  publishManifest,
} from '../lineage/index.js';
import type { PlatformSettings } from '../ir/platform/index.js';
import { isVolumeImage } from '../runners/index.js';
import { plainJson } from '../util/index.js';
import type { ActivityParts } from './activity-parts.js';
import type { PipelineLoader } from './load-pipeline.js';
import { taskResult } from './task-result.js';
import { taskExecutor } from './task-executor.js';

/**
 * Answers a task from an earlier execution of the same code on the same inputs, when its bytes are intact.
 * A hit is published as this run's own execution, so that its lineage is whole.
 */
export async function lookUpTask(
  { store, runners }: ActivityParts,
  loader: PipelineLoader,
  request: TaskRequest,
): Promise<CacheLookup> {
  const { component, executor, container, platform } = await taskExecutor(loader, request);
  if (isVolumeImage(container.image ?? '')) return {}; // its outputs name what may be gone by now
  const runner = await runners.get(request.runner);
  const code = componentDigest(component, executor);
  const key = cacheKeyOf({
    componentDigest: code,
    environmentDigest: await runner.environmentDigest({
      image: container.image ?? '',
      command: container.command ?? [],
      args: container.args ?? [],
    }),
    inputs: request.inputs,
    ...(platform === undefined ? {} : { platform: plainJson(whatCounts(platform)) }),
    outputDefinitions: plainJson(component.outputDefinitions ?? {}),
  });
  if (!key.cacheable) return {};
  const hit = await lookupCache(store, key.cacheKey);
  if (hit === undefined) return { cacheKey: key.cacheKey };

  const now = new Date().toISOString();
  const { manifest } = await publishManifest(store, {
    ...hit.manifest,
    run: request.run,
    task: request.task,
    component: request.component,
    inputs: request.inputs,
    startedAt: now,
    finishedAt: now,
    cachedFrom: {
      runId: hit.manifest.run.runId,
      task: hit.manifest.task,
      manifestKey: hit.manifestKey,
    },
  });
  const manifestKey = keys.manifestKey(request.run.runId, request.task);
  return { cacheKey: key.cacheKey, hit: taskResult(manifest, manifestKey) };
}

/** Where a pod is placed changes nothing about what it computes. */
function whatCounts(settings: PlatformSettings): PlatformSettings {
  const { variables, mounts, fields, labels, annotations, timeoutSeconds } = settings;
  const limit = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  return { variables, mounts, fields, labels, annotations, ...limit };
}
