import { userInfo } from 'node:os';
import type { ApprovalRecord } from '../contract/index.js';
import { clientErrors } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { readClosedRun } from './read-run.js';
import { openWorkplace, withSession } from './session.js';

export interface AnswerOptions {
  readonly reason?: string;
  /** Default: the user of this machine. */
  readonly by?: string;
  readonly task?: string;
}

/** Agrees to a deployment that waits for it. @throws E_NOT_FOUND, E_STATE, E_PARAM */
export function approveRun(
  context: CliContext,
  runId: string,
  options: AnswerOptions,
): Promise<void> {
  return answerRun(context, runId, 'approved', options);
}

/** Keeps a model back that waits for an approval. @throws as `approveRun` */
export function rejectRun(
  context: CliContext,
  runId: string,
  options: AnswerOptions,
): Promise<void> {
  return answerRun(context, runId, 'rejected', options);
}

async function answerRun(
  context: CliContext,
  runId: string,
  verdict: 'approved' | 'rejected',
  { reason, by = userInfo().username, task }: AnswerOptions,
): Promise<void> {
  const workplace = await openWorkplace(context);
  const closed = await readClosedRun(workplace.store, runId);
  if (closed !== undefined) throw clientErrors.wrongState(runId, closed.status, verdict);
  const answer = {
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(task === undefined ? {} : { task }),
  };
  const record = await withSession(context, workplace, true, async ({ client, lease }) => {
    const given =
      verdict === 'approved'
        ? await client.approve(runId, answer)
        : await client.reject(runId, answer);
    await lease.hold(runId);
    return given;
  });
  context.output.json({ runId, ...record });
  context.output.result(answerText(runId, record));
}

function answerText(runId: string, { approved, by = '', endpoint, task }: ApprovalRecord): string {
  const effect = approved
    ? `the model of task ${task} goes to endpoint "${endpoint}"`
    : `the model of task ${task} is kept back`;
  return `${approved ? 'Approved' : 'Rejected'} by ${by}: ${effect}. Follow it: anneal watch ${runId}`;
}
