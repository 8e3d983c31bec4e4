// The record of a monitor: every check with what was done about it, for as long as the store keeps it.
//
// R1. A round is written once; the end of its retraining is a document of its own.

import type { MonitorRound, RoundRecord } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { roundKey, roundsFolder } from './monitor-keys.js';

/** Keeps a round (R1). */
export async function recordRound(
  store: ArtifactStore,
  { endpoint, startedAt, round }: RoundRecord,
): Promise<void> {
  const hasEnded = round.retrain?.endedAt !== undefined;
  const key = roundKey(endpoint, startedAt, { check: round.check, hasEnded });
  await store.put(key, `${JSON.stringify(round, null, 2)}\n`, { ifAbsent: true });
}

/** All rounds of an endpoint's monitors, the earliest first; a retraining that ended shows how. */
export async function readRounds(store: ArtifactStore, endpoint: string): Promise<MonitorRound[]> {
  const rounds = new Map<string, MonitorRound>();
  for await (const { key } of store.list(roundsFolder(endpoint))) {
    const bytes = await store.get(key);
    if (bytes === undefined) continue;
    const round = JSON.parse(Buffer.from(bytes).toString('utf8')) as MonitorRound;
    rounds.set(key.replace('-end.json', '.json'), round);
  }
  return [...rounds.values()];
}
