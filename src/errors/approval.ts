// Wording of answers that nobody waits for, or that say too little.

import { AnnealError } from './anneal-error.js';

/** Made when an answer comes and no deployment of the run waits for one. */
export function nothingWaits(runId: string, action: string, task?: string): AnnealError {
  const why =
    task === undefined
      ? 'none of its deployments waits for an approval'
      : `its task "${task}" does not wait for an approval`;
  return new AnnealError(`Run "${runId}" cannot be ${action}: ${why}.`, {
    code: 'E_STATE',
    hint: `See what it does: anneal show ${runId}`,
    details: { runId, ...(task === undefined ? {} : { task }) },
  });
}

/** Made when an answer could mean several deployments. */
export function severalWait(runId: string, action: string, tasks: readonly string[]): AnnealError {
  const named = tasks.slice(0, 10).map((task) => `"${task}"`);
  return new AnnealError(
    `Run "${runId}" has ${tasks.length} deployments that wait: ${named.join(', ')}.`,
    {
      code: 'E_PARAM',
      hint: `Say which one is ${action}: --task ${tasks[0] ?? ''}`,
      details: { runId, tasks: [...tasks] },
    },
  );
}

/** Made when the other answer, or the end of the time for one, came before. */
export function answeredAlready(
  runId: string,
  action: string,
  answer: { readonly approved: boolean; readonly by?: string; readonly at: string },
): AnnealError {
  const verdict = answer.approved ? 'approved' : 'rejected';
  const state =
    answer.by === undefined
      ? `the time to approve was over at ${answer.at}`
      : `${answer.by} ${verdict} it at ${answer.at}`;
  return new AnnealError(`Run "${runId}" cannot be ${action}: ${state}.`, {
    code: 'E_STATE',
    hint: `To ask again, go on in a new run: anneal retry ${runId}`,
    details: { runId, approved: answer.approved, at: answer.at },
  });
}

/** Made when an answer is of another form than it must have. @param fault  completes "An answer …" */
export function answerRefused(fault: string): AnnealError {
  return new AnnealError(`An answer ${fault}.`, {
    code: 'E_PARAM',
    hint: 'Give {"by": "who answers", "reason": "why"}; "task" where several deployments wait.',
  });
}
