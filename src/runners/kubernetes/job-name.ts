// Names and labels of what belongs to one execution.
//
// N1. The name follows from the attempt's place in the store: the same execution finds the same Job from every
//     worker, and two projects in one namespace never share one.

import { createHash } from 'node:crypto';
import type { ExecutionId } from '../runner.js';

/** Label and value that everything made by Anneal has. */
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const ANNEAL = 'anneal';

const HASH_DIGITS = 20;
/** Pods get six more characters than their Job; a label takes 63. */
const READABLE_DIGITS = 24;
const LABEL = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Name of an execution's Job: a DNS label of at most 52 characters (N1). */
export function jobName({ task }: ExecutionId, stagingUri: string): string {
  const readable = task
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(-READABLE_DIGITS)
    .replace(/^-+|-+$/g, '');
  return ['anneal', readable, hashOf(stagingUri)].filter(Boolean).join('-');
}

/** Name of the volume that a run's tasks share. */
export function workspaceName(runId: string): string {
  return `anneal-workspace-${hashOf(runId)}`;
}

/** Labels to select by; what a label cannot hold is in the annotations. */
export function executionLabels({ runId, task, attempt }: ExecutionId): Record<string, string> {
  return {
    [MANAGED_BY]: ANNEAL,
    'anneal/run': labelValue(runId),
    'anneal/task': labelValue(task),
    'anneal/attempt': String(attempt),
  };
}

/** The same in full. */
export function executionAnnotations(
  { runId, task, attempt }: ExecutionId,
  stagingUri: string,
): Record<string, string> {
  return {
    'anneal/run': runId,
    'anneal/task': task,
    'anneal/attempt': String(attempt),
    'anneal/place': stagingUri,
  };
}

/** The text itself where a label can hold it, else a hash of it. */
export function labelValue(text: string): string {
  return LABEL.test(text) ? text : hashOf(text);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
}
