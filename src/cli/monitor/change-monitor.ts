import type { CliContext } from '../cli-context.js';
import { openWorkplace, withSession } from '../session.js';

const DONE = { pause: 'is paused', resume: 'goes on', stop: 'has stopped' } as const;

/** Pauses, resumes or stops a monitor. @throws E_NOT_FOUND with the nearest name */
export async function changeMonitor(
  context: CliContext,
  verb: keyof typeof DONE,
  endpoint: string,
): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, true, ({ client }) => client.monitors[verb](endpoint));
  output.json({ endpoint, done: verb });
  output.result(`The monitor of ${endpoint} ${DONE[verb]}.`);
}
