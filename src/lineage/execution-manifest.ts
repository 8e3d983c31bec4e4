// The record of one task's published execution. Manifests are the lineage: everything else can be rebuilt from them.

import type { DeploymentView, RunIdentity, TaskValues, WorkerIdentity } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { count, digest, fields, instant, oneOf, optional, text } from './decode.js';
import { deploymentView, runIdentity, taskValues } from './decode-contract.js';
import { readRecord } from './read-record.js';

/** The execution whose outputs were reused. */
export interface CachedFrom {
  readonly runId: string;
  readonly task: string;
  readonly manifestKey: string;
}

export interface ExecutionManifest {
  readonly schemaVersion: 1;
  readonly run: RunIdentity;
  /** Path in the DAG with iteration indexes. */
  readonly task: string;
  /** Key in spec.components. */
  readonly component: string;
  /** Digest of the component's code and interface: see componentDigest. */
  readonly componentDigest?: string;
  /** User-level try that was published, from 1. */
  readonly attempt: number;
  readonly inputs: TaskValues;
  readonly outputs: TaskValues;
  /** Digest of the environment or image that ran the code. */
  readonly environmentDigest?: string;
  /** Digest of the platform settings, names resolved; absent when there were none. */
  readonly platformDigest?: string;
  /** What carried it out: `process`, `docker`, …, `importer`, `deploy`. */
  readonly runner: string;
  /** Whose hands it was in at its end; absent in records of versions that did not keep it. */
  readonly worker?: WorkerIdentity;
  readonly cacheKey?: string;
  /** Set when the outputs are those of an earlier execution. */
  readonly cachedFrom?: CachedFrom;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Store key of the captured log. */
  readonly logKey?: string;
  /** Peak resident set, bytes. */
  readonly peakMemoryBytes?: number;
  /** What a deploy task did, so that its retry can adopt it. */
  readonly deployment?: DeploymentView;
}

const executionManifest = fields<ExecutionManifest>({
  schemaVersion: oneOf(1),
  run: runIdentity,
  task: text,
  component: text,
  componentDigest: optional(digest),
  attempt: count,
  inputs: taskValues,
  outputs: taskValues,
  environmentDigest: optional(text),
  platformDigest: optional(digest),
  runner: text,
  worker: optional(fields<WorkerIdentity>({ host: text, worker: text })),
  cacheKey: optional(digest),
  cachedFrom: optional(fields<CachedFrom>({ runId: text, task: text, manifestKey: text })),
  startedAt: instant,
  finishedAt: instant,
  logKey: optional(text),
  peakMemoryBytes: optional(count),
  deployment: optional(deploymentView),
});

/**
 * Reads a manifest.
 *
 * @returns undefined when the task has not published one
 * @throws E_RECORD when it is damaged
 */
export function readManifest(
  store: ArtifactStore,
  key: string,
): Promise<ExecutionManifest | undefined> {
  return readRecord(store, key, executionManifest);
}
