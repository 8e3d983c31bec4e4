// Finds the pipeline a command was asked for: a file, a module, a shipped or a published pipeline.
//
// P1. A name with a slash or a known ending is a path; a bare name is looked up: shipped, then published.

import path from 'node:path';
import type { PipelineText } from '../client/index.js';
import { clientErrors, isAnnealError } from '../errors/index.js';
import type { Pipeline } from '../ir/index.js';
import { readPipeline, writePipeline } from '../ir/yaml/index.js';
import { listPipelines, parsePipelineReference, resolvePipeline } from '../lineage/index.js';
import { shippedPipelines } from '../pipelines/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { closestMatch } from '../util/index.js';
import { importPipeline } from './import-pipeline.js';
import { readPipelineFile } from './read-pipeline-file.js';

export interface PipelineSource extends PipelineText {
  readonly pipeline: Pipeline;
}

/** Python is no pipeline yet: reading it says how to compile it. */
const FILE_ENDINGS = new Set(['.yaml', '.yml', '.json', '.py']);
const MODULE_ENDINGS = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts']);

/**
 * Reads and validates a pipeline (P1).
 *
 * @param store  where published pipelines are; without it only files and shipped ones are known
 * @throws E_NOT_FOUND with the nearest name; any error of the ir family
 */
export async function loadPipeline(
  wanted: string,
  cwd: string,
  store?: ArtifactStore,
): Promise<PipelineSource> {
  const ending = path.extname(wanted).toLowerCase();
  const file = path.resolve(cwd, wanted);
  if (MODULE_ENDINGS.has(ending)) return { ...toSource(await importPipeline(file)), file };
  if (FILE_ENDINGS.has(ending) || wanted.includes('/') || wanted.includes(path.sep)) {
    return { ...toSource(readPipeline(await readPipelineFile(wanted, cwd), wanted)), file };
  }
  const compile = shippedPipelines.get(wanted);
  if (compile !== undefined) return toSource(compile());
  return toSource(await loadPublished(wanted, store));
}

/** Names a bare word could mean, sorted. */
export async function knownPipelines(store: ArtifactStore | undefined): Promise<string[]> {
  const published = store === undefined ? [] : await listPipelines(store);
  return [...new Set([...shippedPipelines.keys(), ...published.map(({ name }) => name)])].sort();
}

/** A pipeline with its name and canonical YAML. */
export function toSource(pipeline: Pipeline): PipelineSource {
  const name = pipeline.spec.pipelineInfo?.name ?? '';
  return { name, pipeline, text: writePipeline(pipeline) };
}

/** @param wanted  `name`, `name@version` or `name@digest` */
async function loadPublished(wanted: string, store: ArtifactStore | undefined): Promise<Pipeline> {
  if (store === undefined) throw await unknownPipeline(wanted, store);
  const reference = parsePipelineReference(wanted);
  try {
    const { text } = await resolvePipeline(store, reference);
    return readPipeline(text, wanted);
  } catch (error) {
    const isPlain = reference.name === wanted;
    const isUnknown = isAnnealError(error) && error.code === 'E_NOT_FOUND' && isPlain;
    throw isUnknown ? await unknownPipeline(wanted, store) : error;
  }
}

async function unknownPipeline(wanted: string, store: ArtifactStore | undefined): Promise<Error> {
  const known = await knownPipelines(store);
  return clientErrors.notFound('pipeline', wanted, {
    nearest: closestMatch(wanted, known),
    hint: `Give a file (pipeline.yaml) or one of: ${known.join(', ')}.`,
  });
}
