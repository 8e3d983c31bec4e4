import type { OverlapPolicy } from '../../client/index.js';
import type { CliContext } from '../cli-context.js';
import { openWorkplace, withSession } from '../session.js';

/** Starts a run of a schedule now; the embedded server stays up until it has ended. */
export async function triggerNow(
  context: CliContext,
  name: string,
  overlap: OverlapPolicy | undefined,
): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, true, async ({ client, lease }) => {
    const runId = await client.schedules.trigger(name, overlap);
    if (runId === undefined) {
      output.json({ name, started: false });
      output.result(
        'No run was started now: an earlier one goes on, and the overlap policy holds.',
      );
      return;
    }
    await lease.hold(runId);
    output.json({ name, started: true, runId });
    output.result(runId);
    output.progress(output.colors.dim(`Follow it: anneal watch ${runId}`));
  });
}
