import { clientErrors, type AnnealError } from '../errors/index.js';

/** What Ctrl-C means for the run that was being followed: it goes on, now or later. */
export function interruptedRun(runId: string, isEmbedded: boolean): AnnealError {
  const hint = `Go on: anneal watch ${runId}. End it: anneal cancel ${runId}`;
  return isEmbedded
    ? clientErrors.interrupted(
        `Stopped. Run ${runId} is kept on disk and continues with the next "anneal watch" or "anneal run".`,
        hint,
      )
    : clientErrors.interrupted(`Stopped watching. Run ${runId} goes on in the cluster.`, hint);
}
