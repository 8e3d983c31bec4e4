// `anneal run`: from a pipeline's name to the summary of its run.
//
// R1. Everything that can be refused is refused before the service is opened.
// R2. A run that was started goes on whatever happens to this command.

import type { RunnerName, RunView } from '../contract/index.js';
import { clientErrors } from '../errors/index.js';
import { checkParameterRules, checkParameters } from '../ir/index.js';
import { PARAMETER_RULES } from '../pipelines/index.js';
import type { JsonObject } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import { cloneSource, type ClonedSource } from './clone-source.js';
import { followToTheEnd } from './follow-to-the-end.js';
import { loadPipeline, type PipelineSource } from './pipeline-source.js';
import { readParameters } from './read-parameters.js';
import { openWorkplace, withSession, type Session, type Workplace } from './session.js';

export interface RunOptions {
  readonly param?: readonly string[];
  readonly paramsFile?: string;
  /** A run whose parameters are taken over. */
  readonly clone?: string;
  readonly runId?: string;
  readonly idempotencyKey?: string;
  /** false with --no-cache. */
  readonly cache: boolean;
  /** A count from 1, or a share below 1. */
  readonly failureBudget?: number;
  readonly runner?: RunnerName;
  readonly watch?: boolean;
  readonly detach?: boolean;
  readonly requireDeploy?: boolean;
  readonly report?: string;
}

/** Runs a pipeline. @returns the exit code */
export async function runPipeline(
  context: CliContext,
  wanted: string | undefined,
  options: RunOptions,
): Promise<number> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const { source, cloned, baseFolder } = await findSource(
    context,
    workplace,
    wanted,
    options.clone,
  );
  for (const warning of source.pipeline.warnings) output.progress(output.colors.yellow(warning));
  const parameters = await gatherParameters(context, source, options, cloned); // R1
  return withSession(context, workplace, true, async (session) => {
    const { runId, digest } = await startRun(session, source, parameters, {
      ...options,
      baseFolder: baseFolder ?? context.environment.cwd,
    });
    if (options.detach) return detach(context, session, { runId, digest, pipeline: source.name });
    await warnOfIdleQueues(context, session, source);
    return followToTheEnd(context, session, runId, options);
  });
}

async function findSource(
  context: CliContext,
  workplace: Workplace,
  wanted: string | undefined,
  clone: string | undefined,
): Promise<ClonedSource> {
  const { cwd } = context.environment;
  if (clone !== undefined) return cloneSource(context, workplace, clone, wanted);
  if (wanted !== undefined) {
    return { source: await loadPipeline(wanted, cwd, workplace.store), cloned: {} };
  }
  throw clientErrors.usage(
    'Say which pipeline to run.',
    'Name one (anneal pipelines lists them), or take over a run with --clone RUN.',
  );
}

async function gatherParameters(
  { output, environment }: CliContext,
  { pipeline }: PipelineSource,
  options: RunOptions,
  cloned: JsonObject,
): Promise<JsonObject> {
  const sources = { flags: options.param ?? [], file: options.paramsFile, cwd: environment.cwd };
  const flags = await readParameters(pipeline.spec, sources, (name, used, hidden) =>
    output.progress(
      `${name} = ${JSON.stringify(used)} from --param (the file says ${JSON.stringify(hidden)})`,
    ),
  );
  const given = { ...cloned, ...flags };
  checkParameterRules(pipeline, checkParameters(pipeline.spec, given), PARAMETER_RULES);
  return given;
}

async function startRun(
  { client }: Session,
  source: PipelineSource,
  parameters: JsonObject,
  options: RunOptions & { readonly baseFolder: string },
): Promise<{ readonly runId: string; readonly digest: string }> {
  const { name, version, digest } = await client.publish(source);
  const { runId } = await client.start({
    pipeline: { name, version, digest },
    parameters,
    runId: options.runId,
    idempotencyKey: options.idempotencyKey,
    options: {
      cache: options.cache,
      failureBudget: options.failureBudget,
      runner: options.runner,
      baseFolder: options.baseFolder,
    },
  });
  return { runId, digest };
}

/** A cluster's tasks wait in silence where no worker of their kind runs. */
async function warnOfIdleQueues(
  { output }: CliContext,
  { client, isEmbedded }: Session,
  { pipeline }: PipelineSource,
): Promise<void> {
  if (isEmbedded) return;
  for (const queue of await client.unpolledQueues(pipeline)) {
    output.progress(
      output.colors.yellow(
        `No worker has polled the task queue ${queue} for five minutes: its tasks wait until one does (anneal worker --roles …).`,
      ),
    );
  }
}

async function detach(
  { output }: CliContext,
  { lease, isEmbedded }: Session,
  run: Pick<RunView, 'runId' | 'digest' | 'pipeline'>,
): Promise<number> {
  await lease.hold(run.runId);
  output.json({ ...run, status: 'running' });
  output.result(run.runId);
  if (isEmbedded) {
    output.progress(output.colors.dim('The embedded server stays up until the run has ended.'));
  }
  output.progress(output.colors.dim(`Follow it: anneal watch ${run.runId}`));
  return 0;
}
