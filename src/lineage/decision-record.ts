// What the gate decided about a model: appended to the store, never changed.
//
// D1. One judgement has one record, whatever the number of attempts: the loser goes on with the winner's.
// D2. A record is known by its bytes: whoever acts on it says which digest it must have.

import type {
  ApprovalView,
  ArtifactRef,
  DecisionRef,
  RuleView,
  RunIdentity,
  Verdict,
} from '../contract/index.js';
import { GATE_RULES } from '../contract/index.js';
import { storageErrors } from '../errors/index.js';
import { sha256Of, type ArtifactStore } from '../storage/index.js';
import { canonicalJson, plainJson, type JsonObject } from '../util/index.js';
import {
  DecodeError,
  digest,
  fields,
  flag,
  instant,
  jsonObject,
  listOf,
  mapOf,
  oneOf,
  optional,
  text,
  type Decode,
} from './decode.js';
import { artifactRef, runIdentity } from './decode-contract.js';
import { approvalKey, decisionKey, type DecisionIdentity } from './keys.js';
import { parseRecord, readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

export interface DecisionRecord {
  readonly schemaVersion: 1;
  readonly endpoint: string;
  readonly run: RunIdentity;
  /** Path of the deploy task. */
  readonly task: string;
  readonly modelDigest: string;
  /** Artifact of the evaluation, when one is wired in. */
  readonly evaluation?: ArtifactRef;
  /** Model that was live. */
  readonly championDigest?: string;
  /** Digests of the data that the model was fitted on and judged on. */
  readonly trainData: readonly string[];
  readonly heldOut: readonly string[];
  readonly policy: JsonObject;
  readonly policyDigest: string;
  /** All that the rules looked at. */
  readonly facts: JsonObject;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly rules: readonly RuleView[];
  /** Who measured and decided. */
  readonly evaluator: {
    readonly anneal: string;
    /** Digest of the component that measured the model. */
    readonly component: string;
  };
  /** ISO 8601. */
  readonly decidedAt: string;
}

/** A record with what it is known by (D2). */
export interface StoredDecision extends DecisionRef {
  readonly record: DecisionRecord;
}

interface ApprovalRecord {
  readonly schemaVersion: 1;
  /** Digest of the decision that was answered. */
  readonly decision: string;
  readonly approval: ApprovalView;
}

const numberOrText: Decode<number | string> = (value, path) => {
  if (typeof value === 'string' || Number.isFinite(value)) return value as number | string;
  throw new DecodeError(path, 'is neither a number nor a text');
};

const decisionRecord = fields<DecisionRecord>({
  schemaVersion: oneOf(1),
  endpoint: text,
  run: runIdentity,
  task: text,
  modelDigest: digest,
  evaluation: optional(artifactRef),
  championDigest: optional(text),
  trainData: listOf(text),
  heldOut: listOf(text),
  policy: jsonObject,
  policyDigest: digest,
  facts: jsonObject,
  verdict: oneOf('accepted', 'refused', 'needs_approval'),
  reason: text,
  rules: listOf(
    fields<RuleView>({
      rule: oneOf(...GATE_RULES),
      passed: flag,
      numbers: mapOf(numberOrText),
      words: text,
      warning: optional(flag),
    }),
  ),
  evaluator: fields<DecisionRecord['evaluator']>({ anneal: text, component: text }),
  decidedAt: instant,
});

const approvalRecord = fields<ApprovalRecord>({
  schemaVersion: oneOf(1),
  decision: digest,
  approval: fields<ApprovalView>({
    answer: oneOf('approved', 'rejected'),
    by: text,
    reason: text,
    at: instant,
  }),
});

/** Appends a decision (D1). @returns the one that counts: this one, or an earlier one under the same key */
export async function appendDecision(
  store: ArtifactStore,
  key: string,
  record: DecisionRecord,
): Promise<StoredDecision> {
  await store.put(key, encodeRecord(record), { ifAbsent: true });
  const counting = await readDecision(store, key);
  if (counting === undefined)
    throw storageErrors.recordDamaged(key, '$', 'vanished while it was read');
  return counting;
}

/** @returns undefined when there is none under that key. @throws E_RECORD */
export async function readDecision(
  store: ArtifactStore,
  key: string,
): Promise<StoredDecision | undefined> {
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  const record = parseRecord(key, bytes, decisionRecord);
  return { record, recordKey: key, recordDigest: sha256Of(bytes) };
}

/** Appends a person's answer to a decision; the first answer counts, and is given back. */
export async function appendApproval(
  store: ArtifactStore,
  { recordKey, recordDigest }: DecisionRef,
  approval: ApprovalView,
): Promise<ApprovalView> {
  const record: ApprovalRecord = { schemaVersion: 1, decision: recordDigest, approval };
  const key = approvalKey(recordKey);
  await store.put(key, encodeRecord(record), { ifAbsent: true });
  const counting = await readApproval(store, { recordKey, recordDigest });
  if (counting === undefined)
    throw storageErrors.recordDamaged(key, '$', 'answers another decision');
  return counting;
}

/** The answer to this very decision. @returns undefined when there is none. @throws E_RECORD */
export async function readApproval(
  store: ArtifactStore,
  { recordKey, recordDigest }: DecisionRef,
): Promise<ApprovalView | undefined> {
  const record = await readRecord(store, approvalKey(recordKey), approvalRecord);
  return record?.decision === recordDigest ? record.approval : undefined;
}

/** The key under which a decision must be kept, from what it says. */
export function keyOfDecision(record: DecisionRecord): string {
  return decisionKey(identityOf(record));
}

/** What tells a decision from the others of its run. */
export function identityOf(
  record: Pick<
    DecisionRecord,
    'endpoint' | 'run' | 'task' | 'modelDigest' | 'policyDigest' | 'championDigest' | 'evaluation'
  >,
): DecisionIdentity {
  const { endpoint, run, task, modelDigest, evaluation } = record;
  return {
    ...{ endpoint, runId: run.runId, task, modelDigest, policyDigest: record.policyDigest },
    championDigest: record.championDigest ?? '',
    evaluationDigest:
      evaluation === undefined ? '' : sha256Of(canonicalJson(plainJson(evaluation))),
  };
}
