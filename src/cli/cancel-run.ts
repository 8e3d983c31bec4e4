import type { CliContext } from './cli-context.js';
import { clientErrors } from '../errors/index.js';
import { interruptible } from './interruption.js';
import { followRun } from './live/follow-run.js';
import { runJson } from './output/run-json.js';
import { readClosedRun } from './read-run.js';
import { openWorkplace, withSession } from './session.js';

/** Asks a run to end and waits until it has. @throws E_NOT_FOUND, E_STATE */
export async function cancelRun(context: CliContext, runId: string): Promise<number> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const closed = await readClosedRun(workplace.store, runId);
  if (closed !== undefined) throw clientErrors.wrongState(runId, closed.status, 'canceled');
  return withSession(context, workplace, true, async ({ client, lease }) => {
    await client.cancel(runId);
    output.progress(`Asked run ${runId} to end; waiting for its tasks to stop…`);
    const view = await interruptible(({ signal }) => followRun(client, runId, output, signal));
    if (view === undefined) {
      await lease.hold(runId);
      throw clientErrors.interrupted(
        `Stopped waiting; run ${runId} is still ending.`,
        `See how it went: anneal show ${runId}`,
      );
    }
    output.json(runJson(view));
    output.result(
      `Run ${runId} has ${view.status === 'canceled' ? 'been canceled' : view.status}.`,
    );
    return 0;
  });
}
