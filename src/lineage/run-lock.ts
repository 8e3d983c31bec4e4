// The certificate of a run: everything that went into it and came out of it, by digest.

import type {
  ArtifactRef,
  CodeSource,
  EnvironmentDescription,
  TaskValues,
} from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { JsonObject } from '../util/index.js';
import {
  count,
  digest,
  fields,
  instant,
  jsonObject,
  listOf,
  mapOf,
  oneOf,
  optional,
  text,
} from './decode.js';
import { taskValues } from './decode-contract.js';
import { environmentDescription } from './environment-record.js';
import { runLockKey } from './keys.js';
import { codeSource } from './pipeline-source.js';
import { parseRecord, readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

export interface LockedTask {
  /** Path in the DAG with iteration indexes. */
  readonly task: string;
  readonly component: string;
  readonly componentDigest?: string;
  /** Image reference of the compiled pipeline. */
  readonly image?: string;
  /** Digest of the environment or image that ran it: a key of `environments` where that is known. */
  readonly environmentDigest?: string;
  readonly platformDigest?: string;
  readonly runner: string;
  readonly attempt: number;
  /** Run whose execution was taken over. */
  readonly cachedFrom?: string;
  readonly inputs: TaskValues;
  readonly outputs: TaskValues;
}

export interface RunLock {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly status: 'succeeded' | 'failed' | 'canceled';
  readonly pipeline: {
    readonly name: string;
    readonly version?: number;
    readonly digest: string;
    readonly source?: CodeSource;
  };
  readonly parameters: JsonObject;
  /** Folder that relative paths among the parameters refer to. */
  readonly baseFolder?: string;
  /** Version of Anneal, and of the Node that its worker ran on. */
  readonly anneal: string;
  readonly node: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Data from outside, as it was read. */
  readonly imports: readonly LockedImport[];
  /** Sorted by path. */
  readonly tasks: readonly LockedTask[];
  readonly environments: Readonly<Record<string, EnvironmentDescription>>;
  readonly outputs: JsonObject;
}

export interface LockedImport extends Pick<ArtifactRef, 'uri' | 'digest' | 'sizeBytes'> {
  readonly task: string;
}

const lockedTask = fields<LockedTask>({
  task: text,
  component: text,
  componentDigest: optional(digest),
  image: optional(text),
  environmentDigest: optional(text),
  platformDigest: optional(digest),
  runner: text,
  attempt: count,
  cachedFrom: optional(text),
  inputs: taskValues,
  outputs: taskValues,
});

const runLock = fields<RunLock>({
  schemaVersion: oneOf(1),
  runId: text,
  status: oneOf('succeeded', 'failed', 'canceled'),
  pipeline: fields<RunLock['pipeline']>({
    name: text,
    version: optional(count),
    digest,
    source: optional(codeSource),
  }),
  parameters: jsonObject,
  baseFolder: optional(text),
  anneal: text,
  node: text,
  startedAt: instant,
  finishedAt: optional(instant),
  imports: listOf(
    fields<LockedImport>({
      task: text,
      uri: text,
      digest: optional(digest),
      sizeBytes: optional(count),
    }),
  ),
  tasks: listOf(lockedTask),
  environments: mapOf(environmentDescription),
  outputs: jsonObject,
});

/** Writes a certificate as a file holds it: JSON that carries its own digest. */
export function encodeLock(lock: RunLock): string {
  return encodeRecord(lock);
}

/** Reads a certificate from a file's bytes. @param name  for messages. @throws E_RECORD */
export function decodeLock(name: string, bytes: Uint8Array): RunLock {
  return parseRecord(name, bytes, runLock);
}

/** Keeps a run's certificate; the first one stays. */
export async function writeLock(store: ArtifactStore, lock: RunLock): Promise<void> {
  await store.put(runLockKey(lock.runId), encodeLock(lock), { ifAbsent: true });
}

/** @returns undefined when that run has none. @throws E_RECORD */
export function readLock(store: ArtifactStore, runId: string): Promise<RunLock | undefined> {
  return readRecord(store, runLockKey(runId), runLock);
}
