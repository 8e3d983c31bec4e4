import type { Client } from '@temporalio/client';
import { findStuck } from './find-stuck.js';
import type { RunSummary } from './list-runs.js';

/** Running runs looked at closely in one list: each costs a call. */
const MAX_CHECKED = 50;

/** Marks the running runs that are held up. */
export async function withStuck(
  client: Client,
  runs: readonly RunSummary[],
): Promise<RunSummary[]> {
  const running = runs.filter(({ status }) => status === 'running').slice(0, MAX_CHECKED);
  const found = await Promise.all(
    running.map(async (run) => {
      const description = await client.workflow
        .getHandle(run.runId)
        .describe()
        .catch(() => undefined); // forgotten by the server meanwhile
      const stuck = description && (await findStuck(client, description));
      return [run, stuck] as const;
    }),
  );
  const stuckRuns = new Map(found);
  return runs.map((run) => {
    const stuck = stuckRuns.get(run);
    return stuck === undefined ? run : { ...run, stuck };
  });
}
