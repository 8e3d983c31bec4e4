import type { RunView } from '../contract/index.js';
import { readRunRecord } from '../lineage/index.js';
import type { CliContext } from './cli-context.js';
import { withSession, type Workplace } from './session.js';

/** Reads a run: a closed one from its record, without any server; else from the service. @throws E_NOT_FOUND */
export async function readRun(
  context: CliContext,
  workplace: Workplace,
  runId: string,
): Promise<RunView> {
  const record = await readRunRecord(workplace.store, runId);
  if (record !== undefined && record.status !== 'running') return record;
  return withSession(context, workplace, true, ({ client }) => client.show(runId));
}
