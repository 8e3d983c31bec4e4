// `anneal retry`: from a run that has ended to one that goes on from it.
//
// Q1. The plan is shown before anything starts; at a terminal the user agrees first.

import type { RetryOptions, RetryPlan } from '../client/index.js';
import { planRetry, retryRequest, type RetryRequest } from '../client/index.js';
import type { RunView } from '../contract/index.js';
import { checkParameterRules, checkParameters, type Pipeline } from '../ir/index.js';
import { SpecReader } from '../lineage/index.js';
import { PARAMETER_RULES } from '../pipelines/index.js';
import type { CliContext } from './cli-context.js';
import { confirm } from './confirm.js';
import type { FinishOptions } from './finish-run.js';
import { followToTheEnd } from './follow-to-the-end.js';
import { retryPlanText } from './output/retry-plan-text.js';
import { loadPipeline, type PipelineSource } from './pipeline-source.js';
import { readParameters } from './read-parameters.js';
import { readRun } from './read-run.js';
import { tellBaseFolder } from './tell-base-folder.js';
import { openWorkplace, withSession, type Session, type Workplace } from './session.js';

export interface RetryCommandOptions extends FinishOptions {
  readonly param?: readonly string[];
  readonly from?: string;
  /** A file or name of the pipeline to go on with. */
  readonly with?: string;
  readonly runId?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Plans a retry, and runs it. @returns the exit code */
export async function retryRun(
  context: CliContext,
  runId: string,
  options: RetryCommandOptions,
): Promise<number> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const view = await readRun(context, workplace, runId);
  tellBaseFolder(context, view.options?.baseFolder);
  const wanted = await readWanted(context, workplace, view, options);
  const { request, plan } = await prepare(context, workplace, view, wanted);
  const text = retryPlanText(plan, options.dryRun ? output.resultColors : output.colors);
  if (options.dryRun === true) {
    output.json(plan);
    output.result(text);
    return 0;
  }
  output.progress(text);
  if (options.yes !== true && !(await confirm(context, 'Go on?'))) {
    output.message('Nothing was started.');
    return 0;
  }
  return withSession(context, workplace, true, async (session) => {
    const started = await start(session, request, wanted.source);
    return followToTheEnd(context, session, started, options);
  });
}

interface Wanted {
  readonly retry: RetryOptions;
  readonly source?: PipelineSource;
}

async function readWanted(
  context: CliContext,
  { store }: Workplace,
  view: RunView,
  options: RetryCommandOptions,
): Promise<Wanted> {
  const { output, environment } = context;
  const { param = [], from, runId } = options;
  const source =
    options.with === undefined
      ? undefined
      : await loadPipeline(options.with, environment.cwd, store);
  for (const warning of source?.pipeline.warnings ?? []) {
    output.progress(output.colors.yellow(warning));
  }
  const pipeline = source?.pipeline ?? (await new SpecReader(store).pipeline(view.digest));
  const parameters =
    pipeline === undefined || param.length === 0
      ? undefined
      : await readParameters(
          pipeline.spec,
          { flags: param, cwd: environment.cwd },
          () => undefined,
        );
  const reference = { name: source?.name ?? view.pipeline };
  return {
    source,
    retry: {
      from,
      runId,
      parameters,
      pipeline: source && { pipeline: source.pipeline, reference },
    },
  };
}

async function prepare(
  context: CliContext,
  workplace: Workplace,
  view: RunView,
  { retry }: Wanted,
): Promise<{ readonly request: RetryRequest; readonly plan: RetryPlan }> {
  const { store } = workplace;
  const show = (runId: string): Promise<RunView> =>
    runId === view.runId ? Promise.resolve(view) : readRun(context, workplace, runId);
  const request = await retryRequest({ store, show }, view.runId, retry);
  checkRules(request.pipeline, request);
  return { request, plan: await planRetry(store, request) };
}

function checkRules(pipeline: Pipeline, { start: { parameters = {} } }: RetryRequest): void {
  checkParameterRules(pipeline, checkParameters(pipeline.spec, parameters), PARAMETER_RULES);
}

/** Publishes the new pipeline only now: a plan leaves nothing behind. */
async function start(
  { client }: Session,
  { start: request }: RetryRequest,
  source: PipelineSource | undefined,
): Promise<string> {
  if (source === undefined) return (await client.start(request)).runId;
  const { name, version, digest } = await client.publish(source);
  return (await client.start({ ...request, pipeline: { name, version, digest } })).runId;
}
