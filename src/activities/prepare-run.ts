// Everything that can be refused is refused here, before anything starts.

import type {
  ExecutorPlan,
  PrepareRunRequest,
  ReuseOptions,
  RunGraph,
  RunIdentity,
  RunInput,
  RunPlan,
} from '../contract/index.js';
import { AnnealError, clientErrors } from '../errors/index.js';
import { hooksOf } from '../events/index.js';
import { hasTask, type PipelineSpecJson } from '../ir/index.js';
import { checkParameterRules } from '../ir/parameter-rules/index.js';
import { checkParameters } from '../ir/parameters.js';
import { pipelineGraph, planExecutors } from '../ir/pipeline-graph.js';
import { renderScheduledTime } from '../ir/scheduled-time/index.js';
import { claimRun, readPipelineSource } from '../lineage/index.js';
import type { JsonObject } from '../util/index.js';
import { acceleratedExecutors } from '../ir/accelerated-executors.js';
import type { ActivityParts } from './activity-parts.js';
import { checkImports } from './check-imports.js';
import { checkRunnable } from './check-runnable.js';
import type { LoadedPipeline, PipelineLoader } from './load-pipeline.js';
import { checkRunInput } from './run-input-schema.js';
import { runWarnings } from './run-warnings.js';

/** What may cross Temporal with room to spare; its own limit is 2 MiB (limit.blobSize.error). */
const MAX_PLAN_BYTES = 1024 * 1024;

/** Resolves, checks and completes a run's input into the plan that the workflow interprets. */
export async function prepareRun(
  parts: ActivityParts,
  loader: PipelineLoader,
  request: PrepareRunRequest,
): Promise<RunPlan> {
  const input = checkRunInput(request.input);
  const loaded = await loader.load(input.pipeline);
  const parameters = checkParameters(loaded.pipeline.spec, givenParameters(request, input));
  checkParameterRules(loaded.pipeline, parameters, parts.parameterRules);
  checkReuse(loaded.pipeline.spec, input.options?.reuse);
  const executors = planExecutors(loaded.pipeline);
  checkImports(loaded.pipeline, parameters, input.options?.baseFolder ?? parts.projectFolder);
  const runner = await parts.runners.get(input.options?.runner);
  const { deployer, policies } = parts;
  await checkRunnable({ runner, deployer, policies }, loaded.pipeline, executors, parameters);
  const source = await readPipelineSource(parts.store, loaded);
  const plan = { ...planOf(parts, request, input, loaded, parameters, executors), source };
  checkSize(plan);
  const { runId, execution } = request;
  if (!(await claimRun(parts.store, runId, execution))) throw clientErrors.alreadyStarted(runId);
  return plan;
}

/** Only a run that a schedule started has a scheduled time to write into its parameters. */
function givenParameters(
  { scheduledAt }: PrepareRunRequest,
  { parameters = {}, options }: RunInput,
): JsonObject {
  if (scheduledAt === undefined) return parameters;
  return renderScheduledTime(parameters, new Date(scheduledAt), options?.timeZone ?? 'UTC');
}

function planOf(
  parts: ActivityParts,
  { runId, createdAt, scheduledAt }: PrepareRunRequest,
  input: RunInput,
  loaded: LoadedPipeline,
  parameters: JsonObject,
  executors: Record<string, ExecutorPlan>,
): RunPlan {
  const runner = input.options?.runner ?? parts.runners.defaultName;
  return {
    run: { runId, pipeline: loaded.name, digest: loaded.digest, createdAt, scheduledAt },
    version: loaded.version,
    startedAt: new Date().toISOString(),
    ...pipelineGraph(loaded.pipeline, executors),
    parameters,
    cache: input.options?.cache ?? true,
    runner,
    routing: { base: parts.taskQueue, onGpu: acceleratedExecutors(loaded.pipeline) },
    failureBudget: input.options?.failureBudget,
    baseFolder: input.options?.baseFolder,
    ...hooksFor(parts, loaded.name),
    deploy: input.options?.deploy,
    ...(input.options?.reuse === undefined ? {} : { reuse: input.options.reuse }),
    warnings: runWarnings(loaded.pipeline, executors, runner),
    searchAttributes: parts.searchAttributes,
    heartbeatSeconds: parts.heartbeatSeconds,
  };
}

function hooksFor({ hooks }: ActivityParts, pipeline: string): Pick<RunPlan, 'hooks'> {
  const wanting = hooksOf(hooks, pipeline);
  return wanting.length === 0 ? {} : { hooks: wanting };
}

function checkReuse(spec: PipelineSpecJson, reuse: ReuseOptions | undefined): void {
  if (reuse?.from === undefined || hasTask(spec, reuse.from)) return;
  throw clientErrors.notFound('task', reuse.from, {
    hint: 'Give the path of a task as "anneal show" lists it.',
  });
}

/** The graph of a run's pipeline, for a slice of the run. */
export async function loadGraph(
  loader: PipelineLoader,
  { pipeline: name, digest }: RunIdentity,
): Promise<RunGraph> {
  const { pipeline } = await loader.load({ name, digest });
  return pipelineGraph(pipeline, planExecutors(pipeline));
}

function checkSize(plan: RunPlan): void {
  const sizeBytes = Buffer.byteLength(JSON.stringify(plan));
  if (sizeBytes <= MAX_PLAN_BYTES) return;
  throw new AnnealError(
    `The pipeline and its parameters come to ${sizeBytes} bytes; a run may carry ${MAX_PLAN_BYTES}.`,
    {
      code: 'E_PARAM_SIZE',
      hint: 'Pass large values as artifacts (importer), or split the pipeline.',
      details: { sizeBytes, limitBytes: MAX_PLAN_BYTES },
    },
  );
}
