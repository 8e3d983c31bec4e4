import type { CacheLookup, TaskRequest } from '../contract/index.js';
import { placeOf } from '../ir/index.js';
import {
  cacheKeyOf,
  componentDigest,
  countingSettings,
  keys,
  lookupCache,
  publishManifest,
  type CacheHit,
} from '../lineage/index.js';
import { isVolumeImage } from '../runners/index.js';
import { plainJson } from '../util/index.js';
import type { ActivityParts } from './activity-parts.js';
import type { PipelineLoader } from './load-pipeline.js';
import type { ReuseSources } from './reuse-sources.js';
import { taskResult } from './task-result.js';
import { taskExecutor, type TaskExecutor } from './task-executor.js';

export interface LookUpTools {
  readonly loader: PipelineLoader;
  readonly reuses: ReuseSources;
}

/**
 * Answers a task from an earlier execution of the same code on the same inputs, when its bytes are intact: in
 * a retry from the runs it goes on from, then from the cache. A hit is published as this run's own execution,
 * so that its lineage is whole.
 */
export async function lookUpTask(
  parts: ActivityParts,
  tools: LookUpTools,
  request: TaskRequest,
): Promise<CacheLookup> {
  const executor = await taskExecutor(tools.loader, request);
  const { image = '', command = [], args = [] } = executor.container;
  if (isVolumeImage(image)) return {}; // its outputs name what may be gone by now
  const runner = await parts.runners.get(request.runner);
  const environmentDigest = await runner.environmentDigest({ image, command, args });
  const reuse = await lookUpRuns(tools, request, executor, environmentDigest);
  if (reuse.hit !== undefined) return { hit: await adopt(parts, request, reuse.hit) };
  if (request.reuse?.cache === false) return { reason: reuse.reason };

  const cacheKey = cacheKeyFor(request, executor, environmentDigest);
  if (cacheKey === undefined) return { reason: reuse.reason };
  const hit = reuse.isForced ? undefined : await lookupCache(parts.store, cacheKey);
  if (hit === undefined) return { cacheKey, reason: reuse.reason };
  return { cacheKey, hit: await adopt(parts, request, hit) };
}

interface RunsAnswer {
  readonly hit?: CacheHit;
  readonly reason?: string;
  /** The user wants it to run, whatever is known of it. */
  readonly isForced?: boolean;
}

async function lookUpRuns(
  { loader, reuses }: LookUpTools,
  { reuse, run, task, inputs }: TaskRequest,
  { component, executor, platform }: TaskExecutor,
  environmentDigest: string,
): Promise<RunsAnswer> {
  if (reuse === undefined) return {};
  const { pipeline } = await loader.load({ name: run.pipeline, digest: run.digest });
  const { from, runs } = reuse;
  const place = from === undefined ? 'elsewhere' : placeOf(pipeline.spec, task, from);
  if (place === 'at') return { reason: 'chosen by --from', isForced: true };
  if (place === 'after') return { reason: `downstream of ${from}`, isForced: true };
  const isCached = reuse.cache;
  const wanted = { task, component, executor, inputs, platform, environmentDigest, isCached };
  const { found, ...why } = await reuses.of(runs).find(wanted);
  return found === undefined ? why : { hit: found };
}

function cacheKeyFor(
  { inputs }: TaskRequest,
  { component, executor, platform }: TaskExecutor,
  environmentDigest: string,
): string | undefined {
  const key = cacheKeyOf({
    componentDigest: componentDigest(component, executor),
    environmentDigest,
    inputs,
    ...(platform === undefined ? {} : { platform: plainJson(countingSettings(platform)) }),
    outputDefinitions: plainJson(component.outputDefinitions ?? {}),
  });
  return key.cacheable ? key.cacheKey : undefined;
}

/** Publishes an earlier execution as this task's own. */
async function adopt(
  { store }: ActivityParts,
  { run, task, component, inputs }: TaskRequest,
  hit: CacheHit,
): Promise<NonNullable<CacheLookup['hit']>> {
  const now = new Date().toISOString();
  const { manifest } = await publishManifest(store, {
    ...hit.manifest,
    run,
    task,
    component,
    inputs,
    startedAt: now,
    finishedAt: now,
    cachedFrom: hit.manifest.cachedFrom ?? {
      runId: hit.manifest.run.runId,
      task: hit.manifest.task,
      manifestKey: hit.manifestKey,
    },
  });
  return taskResult(manifest, keys.manifestKey(run.runId, task));
}
