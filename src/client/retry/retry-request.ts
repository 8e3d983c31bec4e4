// From a run that has ended, and what its user wants changed, to the start of the run that goes on from it.
//
// Q1. Only a run that has ended is retried: what it leaves does not change any more.
// Q2. A parameter that had its pipeline's default takes the default of the pipeline that runs now.
// Q3. A retry of a retry also reuses what the first run left, unless the second was told to run it again.

import type { PipelineReference, RunView } from '../../contract/index.js';
import { clientErrors } from '../../errors/index.js';
import { checkParameters, hasTask, ownEntry, type Pipeline } from '../../ir/index.js';
import { SpecReader } from '../../lineage/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { canonicalJson, closestMatch, type JsonObject } from '../../util/index.js';
import type { StartRequest } from '../start-request.js';

export interface RetryOptions {
  /** Values that take the place of the run's own. */
  readonly parameters?: JsonObject;
  /** Path of a task or group that runs again with all after it, though nothing has changed. */
  readonly from?: string;
  /** The pipeline to go on with; default the run's own. */
  readonly pipeline?: { readonly pipeline: Pipeline; readonly reference: PipelineReference };
  /** Id of the new run. */
  readonly runId?: string;
}

export interface RetrySources {
  readonly store: ArtifactStore;
  /** The state of a run. @throws E_NOT_FOUND */
  readonly show: (runId: string) => Promise<RunView>;
}

/** A retry, ready to be planned and started. */
export interface RetryRequest {
  readonly view: RunView;
  readonly pipeline: Pipeline;
  readonly start: StartRequest;
  /** Parameters of the run that the pipeline now lacks. */
  readonly dropped: readonly string[];
}

/** Runs looked back at, at most: as many as a start takes. */
const MAX_RUNS = 20;

/**
 * Makes the request of a retry.
 * @throws E_STATE while the run goes on (Q1), or when it succeeded and nothing is to be done again;
 *   E_NOT_FOUND for the run, its pipeline or the task of `from`; E_PARAM
 */
export async function retryRequest(
  sources: RetrySources,
  runId: string,
  options: RetryOptions,
): Promise<RetryRequest> {
  const view = await sources.show(runId);
  assertRetriable(view, options);
  const specs = new SpecReader(sources.store);
  const own = await specs.pipeline(view.digest).catch(() => undefined);
  const pipeline = options.pipeline?.pipeline ?? own;
  if (pipeline === undefined) throw pipelineGone(view);
  if (options.from !== undefined) assertTask(pipeline, view, options.from);
  const { kept, dropped } = keptParameters(view.parameters, own, pipeline);
  const parameters = { ...kept, ...options.parameters };
  checkParameters(pipeline.spec, parameters);
  const { from } = options;
  const start: StartRequest = {
    pipeline: options.pipeline?.reference ?? { name: view.pipeline, digest: view.digest },
    parameters,
    runId: options.runId,
    options: {
      ...view.options,
      reuse: { runs: await runsToReuse(sources, view), ...(from === undefined ? {} : { from }) },
    },
  };
  return { view, pipeline, start, dropped };
}

/** The parameters that a run was given, as far as another pipeline takes them (Q2). */
export function keptParameters(
  parameters: JsonObject,
  own: Pipeline | undefined,
  next: Pipeline,
): { readonly kept: JsonObject; readonly dropped: readonly string[] } {
  const before = own?.spec.root?.inputDefinitions?.parameters;
  const after = next.spec.root?.inputDefinitions?.parameters;
  const given = Object.entries(parameters).filter(([name, value]) => {
    const standard = ownEntry(before, name)?.defaultValue;
    return standard === undefined || canonicalJson(standard) !== canonicalJson(value);
  });
  const isKnown = ([name]: readonly [string, unknown]): boolean =>
    ownEntry(after, name) !== undefined;
  return {
    kept: Object.fromEntries(given.filter(isKnown)),
    dropped: given.filter((entry) => !isKnown(entry)).map(([name]) => name),
  };
}

function assertRetriable({ runId, status }: RunView, options: RetryOptions): void {
  if (status === 'running') throw clientErrors.stillRunning(runId, 'retried');
  const isNew = options.from ?? options.pipeline ?? options.parameters;
  if (status === 'succeeded' && isNew === undefined) throw clientErrors.nothingToRetry(runId);
}

function assertTask({ spec }: Pipeline, view: RunView, from: string): void {
  if (hasTask(spec, from)) return;
  const names = view.tasks.map(({ name }) => name);
  throw clientErrors.notFound('task', from, {
    nearest: closestMatch(from, names),
    hint: `Tasks of run ${view.runId}: ${names.slice(0, 20).join(', ')}.`,
  });
}

/** The run, and those before it that it was itself a retry of (Q3). */
async function runsToReuse({ show }: RetrySources, view: RunView): Promise<readonly string[]> {
  const runs = [view.runId];
  let last = view;
  while (last.retriedFrom !== undefined && last.options?.reuse?.from === undefined) {
    if (runs.length >= MAX_RUNS || runs.includes(last.retriedFrom)) break;
    runs.push(last.retriedFrom);
    const earlier = await show(last.retriedFrom).catch(() => undefined);
    if (earlier === undefined) break;
    last = earlier;
  }
  return runs;
}

function pipelineGone({ runId, pipeline }: RunView): Error {
  return clientErrors.notFound('pipeline of run', runId, {
    hint: `The store does not hold the pipeline "${pipeline}" as that run had it; give one with --with.`,
  });
}
