// Where every record lives in the store: the one place that knows.
//
// K1. Names given by users pass through safeSegment; names that start with `_` are Anneal's own,
//     so a task called `_attempts` or `run.json` cannot meet a record.
// K2. The same run, task and attempt always give the same key: that is what makes retries find their work.
//
//   runs/<run>/claim.json                             which start the run's id belongs to
//   runs/<run>/run.json                               final state of the run
//   runs/<run>/lock.json                              the run's certificate: what went in and came out, by digest
//   runs/<run>/_events/<type>/<hook>.json             an event that a hook was told of
//   runs/<run>/tasks/<task path>/_manifest.json       the task's one published execution
//   runs/<run>/tasks/<task path>/_attempts/<n>/…      outputs, log and failure of one try
//   runs/<run>/tasks/<task path>/_gate/<hash>/…       log of what measured the model for a decision
//   models/<endpoint>/decisions/<run>/<hash>/decision.json   what the gate decided, from which facts
//   models/<endpoint>/decisions/<run>/<hash>/approval.json   what a person answered to it
//   environments/<hex>.json                           what is installed in an environment
//   specs/<hex>.yaml                                  compiled pipeline, by its digest
//   pipelines/<name>/<version>.json                   registry
//   pipelines/<name>/<version>.source.json            commit that a version was last published from
//   models/<name>/versions/<n>.json                   versions of a model
//   models/<name>/events/<n>.json                     what became of them
//   cache/<hex>.json                                  cache key → manifest
//   imports/<hex>/<name>                              copy of a file that was imported on one of several hosts
//   starts/<hex>.json                                 pipeline and idempotency key → run
//   index/<hex>/<made|used>-<hash>.json               artifact digest → manifests

import { safeSegment, sha256Of } from '../storage/index.js';
import { storageErrors } from '../errors/index.js';

export const RUNS_FOLDER = 'runs';
export const PIPELINES_FOLDER = 'pipelines';
export const MODELS_FOLDER = 'models';

/** Beyond this a task path is replaced by its hash, so that outputs below it keep within a key's length. */
const MAX_TASK_PATH_BYTES = 400;

export function runFolder(runId: string): string {
  return `${RUNS_FOLDER}/${safeSegment(runId)}`;
}

export function runRecordKey(runId: string): string {
  return `${runFolder(runId)}/run.json`;
}

/** That a hook was told of an event of the run. */
export function deliveryKey(runId: string, eventType: string, hook: string): string {
  return `${runFolder(runId)}/_events/${safeSegment(eventType)}/${hook}.json`;
}

export function runLockKey(runId: string): string {
  return `${runFolder(runId)}/lock.json`;
}

/** Who started the run. */
export function runClaimKey(runId: string): string {
  return `${runFolder(runId)}/claim.json`;
}

/** @param task path in the DAG with iteration indexes: `for-loop-1/2/train` */
export function taskFolder(runId: string, task: string): string {
  const path = task.split('/').map(safeSegment).join('/');
  const kept = path.length <= MAX_TASK_PATH_BYTES ? path : `_deep/${shortHash(task)}`;
  return `${runFolder(runId)}/tasks/${kept}`;
}

export function manifestKey(runId: string, task: string): string {
  return `${taskFolder(runId, task)}/_manifest.json`;
}

/** The key to stage one try under; @param attempt user-level try, from 1 */
export function attemptFolder(runId: string, task: string, attempt: number): string {
  return `${taskFolder(runId, task)}/_attempts/${attempt}`;
}

export function failureKey(runId: string, task: string, attempt: number): string {
  return `${attemptFolder(runId, task, attempt)}/failure.json`;
}

/** What makes a decision another one than those before it in the same run. */
export interface DecisionIdentity {
  readonly endpoint: string;
  readonly runId: string;
  /** Path of the deploy task. */
  readonly task: string;
  readonly modelDigest: string;
  /** Of the policy that is applied. */
  readonly policyDigest: string;
  /** Digest of the model that is live, or empty. */
  readonly championDigest: string;
  /** Digest of what the evaluation said, or empty. */
  readonly evaluationDigest: string;
}

export function decisionKey(identity: DecisionIdentity): string {
  const { endpoint, runId } = identity;
  const folder = `models/${safeSegment(endpoint)}/decisions/${safeSegment(runId)}`;
  return `${folder}/${decisionHash(identity)}/decision.json`;
}

/** Of the answer to a decision. */
export function approvalKey(decision: string): string {
  return decision.replace(/decision\.json$/u, 'approval.json');
}

/** The key to stage what measures a model for a decision under. */
export function evidenceFolder(identity: DecisionIdentity): string {
  return `${taskFolder(identity.runId, identity.task)}/_gate/${decisionHash(identity)}`;
}

function decisionHash(identity: DecisionIdentity): string {
  const { task, modelDigest, policyDigest, championDigest, evaluationDigest } = identity;
  return shortHash(
    JSON.stringify([task, modelDigest, policyDigest, championDigest, evaluationDigest]),
  );
}

/** Of data that an importer read, by its digest. */
export function importFolder(digest: string): string {
  return `imports/${hexOf(digest)}`;
}

export function specKey(digest: string): string {
  return `specs/${hexOf(digest)}.yaml`;
}

export function environmentKey(digest: string): string {
  return `environments/${hexOf(digest)}.json`;
}

export function pipelineFolder(name: string): string {
  return `${PIPELINES_FOLDER}/${safeSegment(name)}`;
}

export function pipelineVersionKey(name: string, version: number): string {
  return `${pipelineFolder(name)}/${version}.json`;
}

export function pipelineSourceKey(name: string, version: number): string {
  return `${pipelineFolder(name)}/${version}.source.json`;
}

export function modelVersionsFolder(name: string): string {
  return `${MODELS_FOLDER}/${safeSegment(name)}/versions`;
}

export function modelVersionKey(name: string, version: number): string {
  return `${modelVersionsFolder(name)}/${version}.json`;
}

export function modelEventsFolder(name: string): string {
  return `${MODELS_FOLDER}/${safeSegment(name)}/events`;
}

export function modelEventKey(name: string, sequence: number): string {
  return `${modelEventsFolder(name)}/${sequence}.json`;
}

export function cacheEntryKey(cacheKey: string): string {
  return `cache/${hexOf(cacheKey)}.json`;
}

/** @param key the caller's idempotency key, whatever it holds */
export function startClaimKey(pipeline: string, key: string): string {
  return `starts/${hexOf(sha256Of(JSON.stringify([pipeline, key])))}.json`;
}

export function indexFolder(digest: string): string {
  return `index/${hexOf(digest)}`;
}

/** What an execution did with an artifact. */
export type ArtifactRole = 'made' | 'used';

export function indexEntryKey(digest: string, role: ArtifactRole, manifest: string): string {
  return `${indexFolder(digest)}/${role}-${shortHash(manifest)}.json`;
}

function shortHash(text: string): string {
  return hexOf(sha256Of(text)).slice(0, 32);
}

function hexOf(digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex === undefined)
    throw storageErrors.unsafeStoreKey(digest, 'is not a digest (sha256:<hex>)');
  return hex;
}
