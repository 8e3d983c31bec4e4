// Makes an execution the one that counts for its task.
//
// P1. Whatever the number of attempts, workers and orphans, a task of a run has one manifest, and it never changes.
// P2. The loser gets the winner's manifest and goes on with it as if it were its own.
// P3. Index entries are written after the manifest, by winner and loser alike: a winner that died in between is made good.

import { storageErrors } from '../errors/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { indexArtifacts } from './artifact-index.js';
import { readManifest, type ExecutionManifest } from './execution-manifest.js';
import { manifestKey } from './keys.js';
import { encodeRecord } from './record.js';

export interface PublishedManifest {
  /** The manifest that counts: the given one, or the earlier winner's (P2). */
  readonly manifest: ExecutionManifest;
  readonly won: boolean;
}

/**
 * Publishes an execution whose outputs are durable already.
 * @throws E_RECORD when an earlier manifest exists but is damaged; E_STORE, E_STORE_FULL
 */
export async function publishManifest(
  store: ArtifactStore,
  manifest: ExecutionManifest,
): Promise<PublishedManifest> {
  const key = manifestKey(manifest.run.runId, manifest.task);
  const won = await store.put(key, encodeRecord(manifest), { ifAbsent: true });
  const counting = won ? manifest : await readWinner(store, key);
  await indexArtifacts(store, key, counting);
  return { manifest: counting, won };
}

async function readWinner(store: ArtifactStore, key: string): Promise<ExecutionManifest> {
  const winner = await readManifest(store, key);
  if (winner === undefined)
    throw storageErrors.recordDamaged(key, '$', 'vanished while it was read');
  return winner;
}
