// An idempotency key belongs to the first start that used it.
//
// K1. Of any number of callers with one key, one writes the record and all read the same run id: whoever dies
//     before the workflow was started leaves it to the next caller, who starts that very run.
// K2. The record outlives Temporal's retention, so a key is good for one run for ever.

import { sha256Of, type ArtifactStore } from '../storage/index.js';
import { canonicalJson, type JsonObject } from '../util/index.js';
import { digest, fields, oneOf, text } from './decode.js';
import { startClaimKey } from './keys.js';
import { readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

/** A start under an idempotency key. */
export interface KeyedStart {
  readonly pipeline: string;
  readonly key: string;
  /** As the caller gave them. */
  readonly parameters: JsonObject;
  /** Id for the run, if this caller is the first. */
  readonly runId: string;
}

export interface StartClaim {
  /** The run of that key. */
  readonly runId: string;
  /** False: the key was first used with other parameters. */
  readonly isSame: boolean;
}

const claimRecord = fields<{
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly parameters: string;
}>({ schemaVersion: oneOf(1), runId: text, parameters: digest });

/** Takes a key, or finds who has it (K1). @throws E_RECORD, E_STORE, E_STORE_FULL */
export async function claimStart(store: ArtifactStore, start: KeyedStart): Promise<StartClaim> {
  const key = startClaimKey(start.pipeline, start.key);
  const parameters = sha256Of(canonicalJson(start.parameters));
  const record = encodeRecord({ schemaVersion: 1, runId: start.runId, parameters });
  if (await store.put(key, record, { ifAbsent: true })) return { runId: start.runId, isSame: true };
  const first = await readRecord(store, key, claimRecord);
  if (first === undefined) return claimStart(store, start);
  return { runId: first.runId, isSame: first.parameters === parameters };
}
