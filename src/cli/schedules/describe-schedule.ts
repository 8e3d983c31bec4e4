import type { CliContext } from '../cli-context.js';
import { openWorkplace, withSession } from '../session.js';
import { embeddedNote, scheduleText } from './schedule-text.js';

/** Prints one schedule. @throws E_NOT_FOUND with the nearest name */
export async function describeSchedule(context: CliContext, name: string): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, false, async ({ client, isEmbedded }) => {
    const view = await client.schedules.describe(name);
    output.json({ ...view, embedded: isEmbedded });
    output.result(scheduleText(view, output.resultColors));
    if (isEmbedded) output.progress(output.colors.dim(`\n${embeddedNote(view)}`));
  });
}
