import type { RunView } from '../../contract/index.js';
import { readPipeline } from '../../ir/yaml/index.js';
import { readManifest, resolvePipeline } from '../../lineage/index.js';
import type { PipelineSpecJson } from '../../ir/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { isAnnealError } from '../../errors/index.js';
import type { JsonObject } from '../../util/index.js';
import type { ReportExecution, ReportInput } from './report-input.js';

/**
 * Reads from the store what a report needs. What is damaged or gone is left out: a report of
 * the rest is worth more than none.
 *
 * @param versions  of the programs that took part, shown under Environment
 */
export async function gatherReport(
  store: ArtifactStore,
  view: RunView,
  versions: JsonObject,
  now: Date,
): Promise<ReportInput> {
  const executions = await Promise.all(
    view.tasks.map(({ manifestKey }) => readExecution(store, manifestKey)),
  );
  return {
    view,
    spec: await readSpec(store, view),
    executions: executions.filter((execution) => execution !== undefined),
    environment: versions,
    renderedAt: now.toISOString(),
  };
}

async function readExecution(
  store: ArtifactStore,
  manifestKey: string | undefined,
): Promise<ReportExecution | undefined> {
  if (manifestKey === undefined) return undefined;
  const manifest = await orUndefined(readManifest(store, manifestKey));
  if (manifest === undefined) return undefined;
  const { task, inputs, outputs, environmentDigest, componentDigest, cachedFrom } = manifest;
  return {
    task,
    inputs,
    outputs,
    environmentDigest,
    componentDigest,
    ...(cachedFrom === undefined ? {} : { cachedFrom: cachedFrom.runId }),
  };
}

async function readSpec(
  store: ArtifactStore,
  { pipeline, digest }: RunView,
): Promise<PipelineSpecJson | undefined> {
  if (digest === '') return undefined;
  const resolved = await orUndefined(resolvePipeline(store, { name: pipeline, digest }));
  return resolved === undefined ? undefined : readPipeline(resolved.text, pipeline).spec;
}

async function orUndefined<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!isAnnealError(error)) throw error;
    return undefined;
  }
}
