// Foretells what a retry will do, by letting the interpreter run the pipeline in a world where nothing happens.

import type { RunPlan, RunView, TaskView } from '../../contract/index.js';
import { startPipeline } from '../../interpreter/index.js';
import { checkParameters } from '../../ir/index.js';
import { pipelineGraph, planExecutors } from '../../ir/pipeline-graph.js';
import { ReuseSource, SpecReader } from '../../lineage/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import { canonicalJson } from '../../util/index.js';
import { PlanningPort } from './planning-port.js';
import type { PlannedTask, RetryPlan } from './retry-plan.js';
import type { RetryRequest } from './retry-request.js';

/** Says for each task whether it is taken over, and why or why not. Nothing is started or written. */
export async function planRetry(store: ArtifactStore, request: RetryRequest): Promise<RetryPlan> {
  const { view, dropped } = request;
  const plan = planOf(request);
  const port = new PlanningPort({
    store,
    pipeline: request.pipeline,
    plan,
    source: new ReuseSource(store, new SpecReader(store), plan.reuse?.runs ?? [view.runId]),
    before: new Map(view.tasks.map(({ name, status }) => [name, status])),
  });
  const { tasks } = await startPipeline(plan, port).result;
  return {
    runId: view.runId,
    pipeline: plan.run.pipeline,
    tasks: plannedTasks(tasks, port.planned),
    changedParameters: changedParameters(view, plan),
    droppedParameters: dropped,
  };
}

function planOf({ pipeline, start, view }: RetryRequest): RunPlan {
  const { name, digest = view.digest } = start.pipeline;
  return {
    ...pipelineGraph(pipeline, planExecutors(pipeline)),
    run: { runId: view.runId, pipeline: name, digest },
    startedAt: view.startedAt,
    parameters: checkParameters(pipeline.spec, start.parameters ?? {}),
    cache: start.options?.cache ?? true,
    failureBudget: start.options?.failureBudget,
    baseFolder: start.options?.baseFolder,
    deploy: start.options?.deploy,
    reuse: start.options?.reuse,
    warnings: [],
    searchAttributes: false,
    heartbeatSeconds: 1,
  };
}

/** In the order of the pipeline; tasks of slices, which no view lists, come last. */
function plannedTasks(
  tasks: readonly TaskView[],
  planned: ReadonlyMap<string, PlannedTask>,
): PlannedTask[] {
  const left = new Map(planned);
  const listed = tasks.flatMap((task): PlannedTask[] => {
    const known = left.get(task.name);
    left.delete(task.name);
    if (known !== undefined) return [known];
    if (task.kind === 'dag') return [];
    const { name, status, reason = '' } = task;
    if (status === 'skipped') return [{ name, action: 'skip', reason }];
    if (status !== 'not_triggered') return [];
    return [{ name, action: 'run', reason: `downstream of ${reason.split(':')[0]}` }];
  });
  return [...listed, ...left.values()];
}

function changedParameters({ parameters: before }: RunView, { parameters }: RunPlan): string[] {
  return Object.entries(parameters)
    .filter(([name, value]) => canonicalJson(value) !== canonicalJson(before[name] ?? null))
    .map(([name]) => name);
}
