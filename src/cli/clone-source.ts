import { keptParameters } from '../client/index.js';
import { clientErrors } from '../errors/index.js';
import { SpecReader } from '../lineage/index.js';
import type { JsonObject } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import { loadPipeline, toSource, type PipelineSource } from './pipeline-source.js';
import { readRun } from './read-run.js';
import { tellBaseFolder } from './tell-base-folder.js';
import type { Workplace } from './session.js';

export interface ClonedSource {
  readonly source: PipelineSource;
  readonly cloned: JsonObject;
  /** Folder that relative paths among the parameters refer to. */
  readonly baseFolder?: string;
}

/**
 * The pipeline and parameters of a run, for another run like it.
 *
 * @param wanted  another pipeline to give the parameters to; those it lacks are left out
 * @throws E_NOT_FOUND for the run, or when the store no longer holds its pipeline
 */
export async function cloneSource(
  context: CliContext,
  workplace: Workplace,
  runId: string,
  wanted?: string,
): Promise<ClonedSource> {
  const { output, environment } = context;
  const { store } = workplace;
  const view = await readRun(context, workplace, runId);
  const own = await new SpecReader(store).pipeline(view.digest);
  const source =
    wanted === undefined
      ? own && toSource(own)
      : await loadPipeline(wanted, environment.cwd, store);
  if (source === undefined) {
    throw clientErrors.notFound('pipeline of run', runId, {
      hint: `Name the pipeline as well: anneal run ${view.pipeline} --clone ${runId}`,
    });
  }
  const { kept, dropped } = keptParameters(view.parameters, own, source.pipeline);
  if (dropped.length > 0) {
    output.progress(
      output.colors.yellow(`Left out, for the pipeline lacks them: ${dropped.join(', ')}.`),
    );
  }
  const { baseFolder } = view.options ?? {};
  tellBaseFolder(context, baseFolder);
  return { source, cloned: kept, baseFolder };
}
