import type { CliContext } from '../cli-context.js';
import { openWorkplace, withSession } from '../session.js';

/** Removes a schedule. @throws E_NOT_FOUND with the nearest name */
export async function deleteSchedule(context: CliContext, name: string): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, false, async ({ client }) => {
    await client.schedules.delete(name);
    output.json({ name, status: 'deleted' });
    output.result(`Schedule ${name} is gone; its runs stay.`);
  });
}
