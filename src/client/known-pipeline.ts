import type { PipelineReference } from '../contract/index.js';
import { isAnnealError } from '../errors/index.js';
import { checkParameterRules, checkParameters, type Pipeline } from '../ir/index.js';
import { readPipeline, writePipeline } from '../ir/yaml/index.js';
import { publishPipeline, resolvePipeline } from '../lineage/index.js';
import { PARAMETER_RULES, shippedPipelines } from '../pipelines/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { JsonObject } from '../util/index.js';
import type { PipelineLike } from './typed-pipeline.js';

/** A published version with its parsed spec. */
export interface KnownPipeline {
  readonly reference: Required<PipelineReference>;
  readonly pipeline: Pipeline;
}

/**
 * Finds the version that a start or a schedule means. A pipeline of the DSL is published if its text is new; so is
 * one that ships with Anneal, when its name is not published yet.
 *
 * @throws E_NOT_FOUND with the nearest name; any error of the ir family; E_STORE
 */
export async function knownPipeline(
  store: ArtifactStore,
  wanted: PipelineLike | PipelineReference,
): Promise<KnownPipeline> {
  if (typeof wanted !== 'string' && 'compile' in wanted) return publish(store, wanted.compile());
  const reference = typeof wanted === 'string' ? { name: wanted } : wanted;
  try {
    const { name, version, digest, text } = await resolvePipeline(store, reference);
    const pipeline = readPipeline(text, `${name}@${version}`);
    return { reference: { name, version, digest }, pipeline };
  } catch (error) {
    const compile = shippedPipelines.get(reference.name);
    const isPlain = reference.version === undefined && reference.digest === undefined;
    if (compile === undefined || !isPlain || !isNotFound(error)) throw error;
    return publish(store, compile());
  }
}

/** Refuses what a run of this pipeline could not be started with. @throws E_PARAM, E_PARAM_SIZE */
export function checkRunParameters(pipeline: Pipeline, parameters: JsonObject): void {
  checkParameterRules(pipeline, checkParameters(pipeline.spec, parameters), PARAMETER_RULES);
}

async function publish(store: ArtifactStore, pipeline: Pipeline): Promise<KnownPipeline> {
  const name = pipeline.spec.pipelineInfo?.name ?? '';
  const published = await publishPipeline(store, { name, text: writePipeline(pipeline) });
  const { version, digest } = published;
  return { reference: { name, version, digest }, pipeline };
}

function isNotFound(error: unknown): boolean {
  return isAnnealError(error) && error.code === 'E_NOT_FOUND';
}
