// The interpreter's entry: a compiled pipeline and its parameters in, the run's final state out.

import type { RunOptions, RunPlan, RunStatus, RunView } from '../contract/index.js';
import { dagOutputs } from './dag-outputs.js';
import { deploymentOf } from './deployment-of.js';
import { makeContext } from './make-context.js';
import type { InterpreterPort } from './port.js';
import { runDag } from './run-dag.js';
import type { DagResult } from './run-dag.js';
import { nodeRunner } from './run-node.js';
import { viewOfValues } from './run-tracker.js';
import { NO_VALUES } from './flow-values.js';
import type { FlowParameter } from './flow-values.js';

/** A run in progress. */
export interface PipelineRun {
  /** The state right now. */
  view(): RunView;
  /** Settles with the final state; never rejects. */
  readonly result: Promise<RunView>;
}

/** Starts interpreting a plan. */
export function startPipeline(plan: RunPlan, port: InterpreterPort): PipelineRun {
  const context = makeContext(plan, port);
  const { tracker } = context;
  const dag = plan.spec.root?.dag ?? {};
  const parameters = new Map<string, FlowParameter>(
    Object.entries(plan.parameters).map(([name, value]) => [name, { value, fromRun: true }]),
  );
  const scope = { dag, path: '', inputs: { ...NO_VALUES, parameters }, shielded: false };

  const view = (status: RunStatus, result?: DagResult, finishedAt?: string): RunView => ({
    runId: plan.run.runId,
    pipeline: plan.run.pipeline,
    version: plan.version,
    digest: plan.run.digest,
    status,
    startedAt: plan.startedAt,
    scheduledAt: plan.run.scheduledAt,
    finishedAt,
    parameters: plan.parameters,
    outputs: result ? viewOfValues(dagOutputs(dag, result.ended)).parameters : {},
    tasks: tracker.list(),
    source: plan.source,
    retriedFrom: plan.reuse?.runs[0],
    options: optionsOf(plan),
    deployment: deploymentOf(plan, tracker),
    warnings: plan.warnings,
    error: status === 'failed' ? result?.error : undefined,
  });

  let current: () => RunView = () => view('running');
  const result = runDag(context, scope, nodeRunner(context)).then((ended) => {
    const finishedAt = new Date(port.now()).toISOString();
    const final = view(finalStatus(ended, port), ended, finishedAt);
    current = () => final;
    return final;
  });
  return { view: () => current(), result };
}

function optionsOf(plan: RunPlan): RunOptions {
  const { cache, runner, failureBudget, baseFolder, deploy, reuse } = plan;
  return { cache, runner, failureBudget, baseFolder, deploy, reuse };
}

function finalStatus(result: DagResult, port: InterpreterPort): RunStatus {
  const isCut = [...result.ended.values()].some(
    ({ status }) => status === 'canceled' || status === 'not_triggered',
  );
  return port.isCanceled() && isCut ? 'canceled' : result.status;
}
