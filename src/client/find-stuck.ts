// Why a run that is open makes no progress, as the server knows it: its workflow task fails, or nobody takes it.
//
// K1. One failed try is no news: a worker that restarts or meets a late signal fails one and goes on.
// K2. Only the first failure of a row is in the history; the later tries are counted in the description.

import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import { type StuckCause, type StuckView } from '../contract/index.js';

const { EventType, WorkflowTaskFailedCause: Cause } = proto.temporal.api.enums.v1;
type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** A worker takes a task within milliseconds; one that waits longer has nobody to take it. */
const UNTAKEN_MS = 5000;
/** Events looked through for the failure, the newest first. */
const LAST_EVENTS = 20;

const MISMATCH: number = Cause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR;
const TOO_LARGE: ReadonlySet<number> = new Set([
  Cause.WORKFLOW_TASK_FAILED_CAUSE_GRPC_MESSAGE_TOO_LARGE,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_REQUEST_TOO_LARGE,
]);

/**
 * Finds what holds an open run up.
 * @returns undefined when it goes on, or has ended
 */
export async function findStuck(
  client: Client,
  description: WorkflowExecutionDescription,
): Promise<StuckView | undefined> {
  const { workflowId, runId: execution, status, taskQueue, raw } = description;
  const task = raw.pendingWorkflowTask;
  if (status.name !== 'RUNNING' || !task) return undefined;
  const attempts = task.attempt ?? 1;
  if (attempts >= 2) {
    const failure = await lastFailure(client, workflowId, execution); // K1
    if (failure !== undefined)
      return stuckView({ runId: workflowId, taskQueue, attempts }, failure);
  }
  const waitedMs = Date.now() - Number(task.scheduledTime?.seconds ?? 0) * 1000;
  const isStarted = task.startedTime?.seconds !== undefined && task.startedTime.seconds !== null;
  return isStarted || waitedMs < UNTAKEN_MS
    ? undefined
    : withoutWorker({ runId: workflowId, taskQueue, attempts });
}

/**
 * What a run's failing query tells: a worker that cannot replay the run fails its queries before it fails its
 * next step.
 * @returns undefined when the error is about something else
 */
export function stuckByQuery(
  run: { readonly runId: string; readonly taskQueue: string },
  error: unknown,
): StuckView | undefined {
  const message = error instanceof Error ? error.message : '';
  const failure = { cause: Cause.WORKFLOW_TASK_FAILED_CAUSE_UNSPECIFIED, message };
  return isMismatch(failure) ? stuckView({ ...run, attempts: 0 }, failure) : undefined;
}

interface HeldUp {
  readonly runId: string;
  readonly taskQueue: string;
  /** 0: not known. */
  readonly attempts: number;
}

interface TaskFailure {
  readonly cause: number;
  readonly message: string;
}

async function lastFailure(
  { connection, options: { namespace } }: Client,
  workflowId: string,
  runId: string,
): Promise<TaskFailure | undefined> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: LAST_EVENTS,
  });
  for (const event of history?.events ?? []) {
    if (event.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) return undefined;
    const failure = failureIn(event);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function failureIn({
  workflowTaskFailedEventAttributes: failed,
}: HistoryEvent): TaskFailure | undefined {
  if (!failed || failed.cause === Cause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND) {
    return undefined;
  }
  const message = failed.failure?.message || Cause[failed.cause ?? 0] || 'unknown';
  return { cause: failed.cause ?? 0, message: message.split('\n', 1)[0]!.slice(0, 500) };
}

function stuckView({ runId, taskQueue, attempts }: HeldUp, failure: TaskFailure): StuckView {
  const cause = causeOf(failure);
  const again = `end it and go on in a new run: temporal workflow terminate --workflow-id ${runId}, then anneal retry ${runId}`;
  const [what, remedy] = {
    history: [
      "the worker's workflow code does not fit what the run has done so far",
      `Start a worker of the Anneal version that started the run; or ${again}`,
    ],
    size: ['a value is larger than the server carries', `Pass large values as artifacts; ${again}`],
    code: [
      'the worker cannot carry the run on',
      `Look for a worker of something else on the task queue "${taskQueue}", or update the workers; or ${again}`,
    ],
    worker: ['', ''],
  }[cause] as [string, string];
  const tried = attempts === 0 ? 'It cannot go on' : `${attempts} tries to go on failed`;
  return { cause, message: `${tried}: ${what} (${failure.message}).`, remedy, attempts };
}

function causeOf({ cause, message }: TaskFailure): StuckCause {
  if (TOO_LARGE.has(cause) || /exceeds? (size )?limit|too large/iu.test(message)) return 'size';
  return isMismatch({ cause, message }) ? 'history' : 'code';
}

function isMismatch({ cause, message }: TaskFailure): boolean {
  return cause === MISMATCH || /nondeterminism|non-determin/iu.test(message);
}

function withoutWorker({ runId, taskQueue, attempts }: HeldUp): StuckView {
  return {
    cause: 'worker',
    message: `no worker polls the task queue "${taskQueue}"`,
    remedy: `Start one: anneal worker (on a cluster), or anneal watch ${runId}, which brings its own`,
    attempts,
  };
}
