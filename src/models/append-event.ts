// Adds to the log of a model.
//
// L1. An entry is claimed by exclusive create, after the whole log before it was read: writers that meet see each
//     other's entries, and the log has no gap and no fork.
// L2. The same cause makes the same entry once: activities are tried more than once.

import { encodeRecord, keys } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { ModelEvent } from './model-event.js';
import { readLog } from './read-model.js';

export type NewModelEvent = Omit<ModelEvent, 'schemaVersion' | 'sequence' | 'at'> & {
  /** ISO 8601; default: now. */
  readonly at?: string;
};

/**
 * Writes an entry, unless it is there (L2).
 *
 * @param check  looks at the log that the entry would follow; throws to refuse it
 * @returns the entry as it stands in the log
 * @throws E_RECORD, E_STORE, E_STORE_FULL, and what `check` throws
 */
export async function appendEvent(
  store: ArtifactStore,
  name: string,
  event: NewModelEvent,
  check: (log: readonly ModelEvent[]) => void = () => undefined,
): Promise<ModelEvent> {
  for (;;) {
    const log = await readLog(store, name);
    const earlier = log.find(
      ({ cause, kind, version }) =>
        cause === event.cause && kind === event.kind && version === event.version,
    );
    if (earlier !== undefined) return earlier; // L2
    check(log);
    const at = event.at ?? new Date().toISOString();
    const entry: ModelEvent = { ...event, schemaVersion: 1, sequence: log.length + 1, at };
    const key = keys.modelEventKey(name, entry.sequence);
    if (await store.put(key, encodeRecord(entry), { ifAbsent: true })) return entry; // L1
  }
}
