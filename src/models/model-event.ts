// What happened to the versions of a model: the entries of its log, which is only ever added to.

import { decode, keys, readRecord } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';

/**
 * judged: the gate decided, and its verdict is in the entry; approved, rejected: a person did.
 * promoted: its endpoint serves it; rolled_back: its endpoint went back to it.
 * archived: it is out of the running.
 */
export type ModelEventKind =
  'judged' | 'approved' | 'rejected' | 'promoted' | 'rolled_back' | 'archived';

export type ModelVerdict = 'accepted' | 'refused' | 'needs_approval';

export interface ModelEvent {
  readonly schemaVersion: 1;
  /** Place in the log, from 1. */
  readonly sequence: number;
  readonly kind: ModelEventKind;
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  /** A person, or `run <id>`. */
  readonly by: string;
  readonly reason?: string;
  /** What brought it about: an entry of the same cause, kind and version is made once. */
  readonly cause: string;
  readonly verdict?: ModelVerdict;
  readonly runId?: string;
  /** Where the decision is on record in the store. */
  readonly decisionKey?: string;
}

const { count, fields, instant, oneOf, optional, text } = decode;

const modelEvent = fields<ModelEvent>({
  schemaVersion: oneOf(1),
  sequence: count,
  kind: oneOf('judged', 'approved', 'rejected', 'promoted', 'rolled_back', 'archived'),
  version: count,
  at: instant,
  by: text,
  reason: optional(text),
  cause: text,
  verdict: optional(oneOf('accepted', 'refused', 'needs_approval')),
  runId: optional(text),
  decisionKey: optional(text),
});

/** @returns undefined when the log is not that long. @throws E_RECORD */
export function readEvent(
  store: ArtifactStore,
  name: string,
  sequence: number,
): Promise<ModelEvent | undefined> {
  return readRecord(store, keys.modelEventKey(name, sequence), modelEvent);
}
