import type { CliContext } from './cli-context.js';
import { finishRun, type FinishOptions } from './finish-run.js';
import { interruptedRun } from './interrupted-run.js';
import { interruptible } from './interruption.js';
import { followRun } from './live/follow-run.js';
import { readClosedRun } from './read-run.js';
import { openWorkplace, withSession } from './session.js';

/** Follows a run that was started earlier. @returns the exit code, as `anneal run` would */
export async function watchToTheEnd(
  context: CliContext,
  runId: string,
  options: FinishOptions,
): Promise<number> {
  const workplace = await openWorkplace(context);
  const closed = await readClosedRun(workplace.store, runId);
  if (closed !== undefined) return finishRun(context, workplace, closed, options);
  return withSession(context, workplace, true, async (session) => {
    const view = await interruptible(({ signal }) =>
      followRun(session.client, runId, context.output, signal),
    );
    if (view === undefined) throw interruptedRun(runId, session.isEmbedded);
    return finishRun(context, session, view, { ...options, uiUrl: session.lease.uiUrl });
  });
}
