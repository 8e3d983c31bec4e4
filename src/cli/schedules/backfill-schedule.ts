import type { BackfillTime, OverlapPolicy } from '../../client/index.js';
import type { CliContext } from '../cli-context.js';
import { table } from '../output/table.js';
import { openWorkplace, withSession } from '../session.js';
import { zonedTime } from './schedule-text.js';

export interface BackfillFlags {
  readonly from: Date;
  readonly to: Date;
  readonly overlap: OverlapPolicy;
  readonly dryRun?: boolean;
}

const STATES: Readonly<Record<BackfillTime['state'], string>> = {
  started: 'asked for',
  planned: 'would run',
  known: 'has a run',
};

/** Starts the runs of past times and lists them. */
export async function backfillRuns(
  context: CliContext,
  name: string,
  { from, to, overlap, dryRun = false }: BackfillFlags,
): Promise<void> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  await withSession(context, workplace, false, async ({ client, isEmbedded }) => {
    const { times: when } = await client.schedules.describe(name);
    const times = await client.schedules.backfill(name, { from, to, overlap, dryRun });
    output.json({ name, dryRun, times });
    const rows = times.map(({ scheduledAt, state, runId }) => [
      zonedTime(scheduledAt, when.timeZone),
      STATES[state],
      runId,
    ]);
    output.result(rows.length === 0 ? 'No time of the schedule lies in that range.' : table(rows));
    if (isEmbedded && !dryRun && times.some(({ state }) => state === 'started')) {
      output.progress(output.colors.dim('They run while the embedded server is up: anneal dev'));
    }
  });
}
