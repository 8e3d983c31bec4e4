// The runs there are: those the server still knows, and those only the store remembers.
//
// L1. The server decides about a run that both know, except for the pipeline's name and version,
//     which only the record has when search attributes are not registered.
// L2. Newest first; equal times by id, so that the order is total.

import type {
  Client,
  WorkflowExecutionInfo,
  WorkflowExecutionStatusName,
} from '@temporalio/client';
import {
  PIPELINE_WORKFLOW,
  SEARCH_ATTRIBUTES,
  SERVICE_WORKFLOWS,
  WAITING_OUTCOME,
  type DeploymentStatus,
  type RunStatus,
  type RunView,
  type StuckView,
} from '../contract/index.js';

export interface RunSummary {
  readonly runId: string;
  readonly pipeline: string;
  readonly version?: number;
  readonly status: RunStatus;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly deployment?: DeploymentStatus;
  /** True while a deployment of a running run waits for a person's approval. */
  readonly isWaiting?: boolean;
  /** What holds a running run up. */
  readonly stuck?: StuckView;
}

/**
 * How a closed run ended; `refused`: it succeeded, and its model was kept back. `waiting_approval`: it runs, and a
 * person is asked.
 */
export type RunOutcome = Exclude<RunStatus, 'running'> | 'refused' | typeof WAITING_OUTCOME;

export interface ListOptions {
  /** Default 20. */
  readonly limit?: number;
  readonly pipeline?: string;
  readonly status?: RunStatus;
  readonly outcome?: RunOutcome;
  /** Only runs that were started at this time or later. */
  readonly since?: Date;
}

/** How many executions are looked through for those that are wanted. */
const MAX_SCANNED = 5000;

/** Merges the server's list with the stored records (L1), newest first (L2). */
export function mergeRuns(
  executions: readonly RunSummary[],
  records: readonly RunView[],
  { limit = 20, ...only }: ListOptions = {},
): RunSummary[] {
  const runs = new Map(records.map((record) => [record.runId, summaryOfView(record)]));
  for (const execution of executions) {
    const recorded = runs.get(execution.runId);
    const pipeline = recorded?.pipeline || execution.pipeline;
    runs.set(execution.runId, { ...recorded, ...execution, pipeline });
  }
  return [...runs.values()]
    .filter((run) => only.pipeline === undefined || run.pipeline === only.pipeline)
    .filter((run) => only.status === undefined || run.status === only.status)
    .filter((run) => only.outcome === undefined || outcomeOf(run) === only.outcome)
    .filter((run) => only.since === undefined || Date.parse(run.startedAt) >= +only.since)
    .sort(newestFirst)
    .slice(0, limit);
}

/** Reads executions from the server, the newest first: enough to find those that are wanted. */
export async function listExecutions(
  client: Client,
  taskQueue: string,
  { limit = 20, since, ...filters }: ListOptions,
): Promise<RunSummary[]> {
  const isFiltered = Object.values(filters).some((filter) => filter !== undefined);
  const wanted = isFiltered ? MAX_SCANNED : Math.max(limit, 200);
  const begin = since === undefined ? '' : ` AND StartTime >= "${since.toISOString()}"`;
  const query = `TaskQueue = "${taskQueue}"${begin}`;
  const runs: RunSummary[] = [];
  for await (const execution of client.workflow.list({ query, pageSize: 200 })) {
    if (!isRun(execution)) continue;
    runs.push(summaryOfExecution(execution));
    if (runs.length >= wanted) break;
  }
  return runs;
}

/** Parts of runs are none; the retrainings that a monitor starts are. */
function isRun({ type, parentExecution }: WorkflowExecutionInfo): boolean {
  return (
    !SERVICE_WORKFLOWS.has(type) && (parentExecution === undefined || type === PIPELINE_WORKFLOW)
  );
}

function outcomeOf({ status, deployment, isWaiting }: RunSummary): RunOutcome | undefined {
  if (status === 'running') return isWaiting === true ? WAITING_OUTCOME : undefined;
  return deployment === 'refused' ? 'refused' : status;
}

/** The short form of a view. */
export function summaryOfView(view: RunView): RunSummary {
  return {
    runId: view.runId,
    pipeline: view.pipeline,
    ...(view.version === undefined ? {} : { version: view.version }),
    status: view.status,
    startedAt: view.startedAt,
    ...(view.finishedAt === undefined ? {} : { finishedAt: view.finishedAt }),
    ...(view.deployment === undefined ? {} : { deployment: view.deployment.status }),
  };
}

function summaryOfExecution(execution: WorkflowExecutionInfo): RunSummary {
  const outcome = attribute(execution, SEARCH_ATTRIBUTES.outcome);
  const status = runStatusOf(execution.status.name);
  const isWaiting = status === 'running' && outcome === WAITING_OUTCOME;
  const version = Number(attribute(execution, SEARCH_ATTRIBUTES.version));
  return {
    runId: execution.workflowId,
    pipeline: pipelineName(execution),
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
    status,
    startedAt: execution.startTime.toISOString(),
    ...(execution.closeTime === undefined ? {} : { finishedAt: execution.closeTime.toISOString() }),
    ...(isWaiting ? { isWaiting } : {}),
    ...(outcome === 'refused' ? { deployment: 'refused' as const } : {}),
  };
}

function pipelineName(execution: WorkflowExecutionInfo): string {
  const named = attribute(execution, SEARCH_ATTRIBUTES.pipeline) ?? execution.memo?.['pipeline'];
  if (typeof named === 'string') return named;
  return execution.type === PIPELINE_WORKFLOW ? '' : execution.type;
}

function attribute(execution: WorkflowExecutionInfo, name: string): string | undefined {
  const found = execution.typedSearchAttributes.getAll().find(({ key }) => key.name === name);
  return found === undefined ? undefined : String(found.value);
}

const CLOSED_AS: Readonly<Partial<Record<WorkflowExecutionStatusName, RunStatus>>> = {
  COMPLETED: 'succeeded',
  CANCELLED: 'canceled',
  TERMINATED: 'failed',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
};

/** Temporal's status in our words; a terminated run counts as failed: its exit tasks did not run. */
export function runStatusOf(status: WorkflowExecutionStatusName): RunStatus {
  return CLOSED_AS[status] ?? 'running';
}

function newestFirst(left: RunSummary, right: RunSummary): number {
  return right.startedAt.localeCompare(left.startedAt) || left.runId.localeCompare(right.runId);
}
