// A run's id belongs to its first start.
//
// C1. Temporal lets a closed workflow's id be used again. Its second start would find the manifests of the
//     first and take them for its own, whatever its parameters: so the store remembers who came first.
// C2. The same start may claim again and again: activities are tried more than once.

import type { ArtifactStore } from '../storage/index.js';
import { fields, oneOf, text } from './decode.js';
import { runClaimKey } from './keys.js';
import { readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

const runClaim = fields<{ readonly schemaVersion: 1; readonly execution: string }>({
  schemaVersion: oneOf(1),
  execution: text,
});

/**
 * Takes a run id for one start.
 *
 * @param execution  what tells this start from others: Temporal's id of the workflow's first execution
 * @returns false when another start has it already (C1)
 * @throws E_RECORD when the claim is damaged; E_STORE, E_STORE_FULL
 */
export async function claimRun(
  store: ArtifactStore,
  runId: string,
  execution: string,
): Promise<boolean> {
  const key = runClaimKey(runId);
  const claim = encodeRecord({ schemaVersion: 1, execution });
  if (await store.put(key, claim, { ifAbsent: true })) return true;
  return (await readRecord(store, key, runClaim))?.execution === execution; // C2
}

/** Whether a run id has had its start. */
export async function isRunClaimed(store: ArtifactStore, runId: string): Promise<boolean> {
  return (await readRecord(store, runClaimKey(runId), runClaim)) !== undefined;
}
