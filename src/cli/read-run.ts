import type { RunView } from '../contract/index.js';
import { readRunRecord } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { CliContext } from './cli-context.js';
import { withSession, type Workplace } from './session.js';

/** Reads a run: a closed one from its record, without any server; else from the service. @throws E_NOT_FOUND */
export async function readRun(
  context: CliContext,
  workplace: Workplace,
  runId: string,
): Promise<RunView> {
  return (
    (await readClosedRun(workplace.store, runId)) ??
    (await withSession(context, workplace, true, ({ client }) => client.show(runId)))
  );
}

/** @returns undefined when the store does not know how the run ended */
export async function readClosedRun(
  store: ArtifactStore,
  runId: string,
): Promise<RunView | undefined> {
  const record = await readRunRecord(store, runId);
  return record?.status === 'running' ? undefined : record;
}
