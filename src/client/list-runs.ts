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
  TASK_QUEUE,
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
  /** What holds a running run up. */
  readonly stuck?: StuckView;
}

export interface ListOptions {
  /** Default 20. */
  readonly limit?: number;
  readonly pipeline?: string;
  readonly status?: RunStatus;
}

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
    .sort(newestFirst)
    .slice(0, limit);
}

/** Reads at most `limit` executions from the server. */
export async function listExecutions(client: Client, limit: number): Promise<RunSummary[]> {
  const query = `TaskQueue = "${TASK_QUEUE}"`;
  const runs: RunSummary[] = [];
  for await (const execution of client.workflow.list({ query, pageSize: limit })) {
    if (execution.parentExecution !== undefined) continue;
    runs.push(summaryOfExecution(execution));
    if (runs.length >= limit) break;
  }
  return runs;
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
  const version = Number(attribute(execution, SEARCH_ATTRIBUTES.version));
  return {
    runId: execution.workflowId,
    pipeline: pipelineName(execution),
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
    status: statusOf(execution),
    startedAt: execution.startTime.toISOString(),
    ...(execution.closeTime === undefined ? {} : { finishedAt: execution.closeTime.toISOString() }),
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
  TERMINATED: 'canceled',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
};

function statusOf({ status }: WorkflowExecutionInfo): RunStatus {
  return CLOSED_AS[status.name] ?? 'running';
}

function newestFirst(left: RunSummary, right: RunSummary): number {
  return right.startedAt.localeCompare(left.startedAt) || left.runId.localeCompare(right.runId);
}
