import type { CliContext } from './cli-context.js';
import { finishRun, type FinishOptions } from './finish-run.js';
import { interruptedRun } from './interrupted-run.js';
import { interruptible } from './interruption.js';
import { followRun } from './live/follow-run.js';
import type { Session } from './session.js';

/** Follows a run that this command has started, and prints how it ended. @returns the exit code */
export async function followToTheEnd(
  context: CliContext,
  session: Session,
  runId: string,
  options: FinishOptions,
): Promise<number> {
  const { output } = context;
  output.progress(output.colors.dim(`Run ${runId}`));
  const view = await interruptible(({ signal }) =>
    followRun(session.client, runId, output, signal),
  );
  if (view === undefined) throw interruptedRun(runId, session.isEmbedded);
  return finishRun(context, session, view, { ...options, uiUrl: session.lease.uiUrl });
}
