import type { CliContext } from '../cli-context.js';
import { openWorkplace, withSession } from '../session.js';

/** Pauses or resumes a schedule. @throws E_NOT_FOUND with the nearest name */
export async function pauseSchedule(
  context: CliContext,
  verb: 'pause' | 'resume',
  name: string,
  note: string | undefined,
): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, false, async ({ client }) => {
    await client.schedules[verb](name, note);
    output.json({ name, paused: verb === 'pause', ...(note === undefined ? {} : { note }) });
    output.result(
      verb === 'pause' ? `Schedule ${name} is paused.` : `Schedule ${name} is active again.`,
    );
  });
}
