import type { ErrorView, RunIdentity } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { count, fields, instant, oneOf, optional, text } from './decode.js';
import { errorView, runIdentity } from './decode-contract.js';
import { failureKey } from './keys.js';
import { readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

/** Why one user-level try of a task failed. */
export interface FailureRecord {
  readonly schemaVersion: 1;
  readonly run: RunIdentity;
  readonly task: string;
  readonly component: string;
  readonly attempt: number;
  readonly error: ErrorView;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly logKey?: string;
  /** Temporal's id of the workflow run that made the try: a reset gives the workflow another one. */
  readonly workflowRunId?: string;
}

const failureRecord = fields<FailureRecord>({
  schemaVersion: oneOf(1),
  run: runIdentity,
  task: text,
  component: text,
  attempt: count,
  error: errorView,
  startedAt: instant,
  finishedAt: instant,
  logKey: optional(text),
  workflowRunId: optional(text),
});

/** Keeps why a try failed, beside its log; a later record of the same try replaces it. */
export async function writeFailure(store: ArtifactStore, failure: FailureRecord): Promise<string> {
  const key = failureKey(failure.run.runId, failure.task, failure.attempt);
  await store.put(key, encodeRecord(failure));
  return key;
}

/** @returns undefined when that try did not fail. @throws E_RECORD */
export function readFailure(
  store: ArtifactStore,
  runId: string,
  task: string,
  attempt: number,
): Promise<FailureRecord | undefined> {
  return readRecord(store, failureKey(runId, task, attempt), failureRecord);
}
