// The last state of every run, kept beside its artifacts: it outlives Temporal's retention.

import type { RunView } from '../contract/index.js';
import { isAnnealError } from '../errors/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { jsonObject, listOf, oneOf, text, type Decode } from './decode.js';
import { RUNS_FOLDER, runLockKey, runRecordKey } from './keys.js';
import { readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

export interface RunRecords {
  /** The newest first. */
  readonly runs: readonly RunView[];
  /** Keys of records that could not be read. */
  readonly damaged: readonly string[];
}

// The view is the contract's and grows with it; the record's digest vouches for the rest of its form.
const runView: Decode<RunView> = (value, path) => {
  const view = jsonObject(value, path);
  text(view.runId, `${path}.runId`);
  text(view.pipeline, `${path}.pipeline`);
  text(view.startedAt, `${path}.startedAt`);
  oneOf('running', 'succeeded', 'failed', 'canceled')(view.status, `${path}.status`);
  listOf(jsonObject)(view.tasks, `${path}.tasks`);
  return view as unknown as RunView;
};

/** Keeps a run's state; a later one replaces it. */
export async function writeRunRecord(store: ArtifactStore, run: RunView): Promise<string> {
  const key = runRecordKey(run.runId);
  await store.put(key, encodeRecord(run));
  return key;
}

/**
 * Takes back the end of a run that goes on: its workflow was reset after it had closed. Until it closes again the
 * server answers for it.
 */
export async function reopenRun(store: ArtifactStore, runId: string): Promise<void> {
  const record = await readRunRecord(store, runId);
  if (record === undefined || record.status === 'running') return;
  await store.remove(runRecordKey(runId));
  await store.remove(runLockKey(runId)); // what it certifies is about to change
}

/** @returns undefined when nothing was recorded for that run. @throws E_RECORD */
export function readRunRecord(store: ArtifactStore, runId: string): Promise<RunView | undefined> {
  return readRecord(store, runRecordKey(runId), runView);
}

/** Reads the records of all runs; a damaged one does not hide the others. */
export async function listRunRecords(store: ArtifactStore): Promise<RunRecords> {
  const runs: RunView[] = [];
  const damaged: string[] = [];
  for (const folder of await store.listFolders(RUNS_FOLDER)) {
    const key = `${RUNS_FOLDER}/${folder}/run.json`;
    try {
      const run = await readRecord(store, key, runView);
      if (run !== undefined) runs.push(run);
    } catch (error) {
      if (!isAnnealError(error) || error.code !== 'E_RECORD') throw error;
      damaged.push(key);
    }
  }
  return { runs: runs.sort(newestFirst), damaged };
}

function newestFirst(left: RunView, right: RunView): number {
  return Date.parse(right.startedAt) - Date.parse(left.startedAt);
}
