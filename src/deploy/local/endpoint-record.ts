// What is remembered about one local endpoint, across restarts of everything.
//
// L1. The file is replaced whole (write, fsync, rename): a reader sees the old or the new record.
// L2. Only the endpoint's supervisor writes it.

import { open, readFile, rename } from 'node:fs/promises';
import type { RolloutPolicy } from '../../contract/index.js';
import { deployErrors } from '../../errors/index.js';

/** One model version that serves, or served, behind the endpoint. */
export interface VariantRecord {
  readonly id: string;
  /** File or folder name of the model within the variant's folder. */
  readonly modelName: string;
  readonly modelDigest: string;
  readonly allowPickle: boolean;
  readonly deploymentId: string;
  readonly runId: string;
  /** ISO 8601. */
  readonly promotedAt: string;
}

export interface EndpointRecord {
  readonly version: 1;
  readonly name: string;
  /** The public port on loopback, the same for the endpoint's whole life. */
  readonly port: number;
  readonly current?: VariantRecord;
  /** The variant before the current one, kept for rollback. */
  readonly previous?: VariantRecord;
  /** Deployments that were promoted, oldest first. */
  readonly promotions: readonly Promotion[];
  /** The rollout that is going on; until its end `current` is the earlier model. */
  readonly rollout?: RolloutRecord;
  /** Deployments whose rollout was ended, oldest first: repeating one of them changes nothing. */
  readonly rolledBack?: readonly RolledBack[];
  /** Which requests are kept for monitoring; absent: none. */
  readonly capture?: CaptureRecord;
}

export interface RolloutRecord {
  readonly variant: VariantRecord;
  readonly strategy: RolloutPolicy['strategy'];
  readonly alarms: RolloutPolicy['alarms'];
  readonly phase: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  /** Share of requests that go to the new model. */
  readonly percent: number;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface RolledBack extends Promotion {
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface CaptureRecord {
  /** Share of requests, a fraction above 0. */
  readonly share: number;
}

export interface Promotion {
  readonly deploymentId: string;
  readonly modelDigest: string;
}

// Enough to recognise a repeated request; a run that is this far back is over.
const PROMOTIONS_KEPT = 200;

/** Reads a record; undefined when the endpoint was never started. */
export async function readEndpointRecord(path: string): Promise<EndpointRecord | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseRecord(path, text);
}

/** Replaces a record (L1). */
export async function writeEndpointRecord(path: string, record: EndpointRecord): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Adds a promotion, forgetting the oldest ones. */
export function rememberPromotion(
  record: EndpointRecord,
  { deploymentId, modelDigest }: Promotion,
): EndpointRecord {
  const others = record.promotions.filter((past) => past.deploymentId !== deploymentId);
  const promotions = [...others, { deploymentId, modelDigest }].slice(-PROMOTIONS_KEPT);
  return { ...record, promotions };
}

/** Ends a record's rollout with a reason; the earlier model is its current one still. */
export function rememberRollback(record: EndpointRecord, ended: RolledBack): EndpointRecord {
  const { rolledBack = [] } = record;
  const others = rolledBack.filter((past) => past.deploymentId !== ended.deploymentId);
  return withoutRollout({ ...record, rolledBack: [...others, ended].slice(-PROMOTIONS_KEPT) });
}

/** The record once no rollout goes on. */
export function withoutRollout(record: EndpointRecord): EndpointRecord {
  return { ...record, rollout: undefined };
}

function parseRecord(path: string, text: string): EndpointRecord {
  try {
    const record = JSON.parse(text) as EndpointRecord;
    if (record.version === 1 && Number.isInteger(record.port) && Array.isArray(record.promotions)) {
      return record;
    }
  } catch {
    // reported below, like a record of the wrong form
  }
  throw deployErrors.deploymentFailed(path, 'its record is damaged', {
    hint: 'Move the endpoint folder away and deploy again.',
  });
}
