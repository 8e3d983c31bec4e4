// How a container is found again: its name and its labels.
//
// C1. The name follows from store, run, task and attempt alone, so that every worker of a store finds the same one.
// C2. The owner is a digest of the store's address: workers of another store leave the container alone.

import { createHash } from 'node:crypto';
import type { ExecutionId } from '../runner.js';

export const OWNER_LABEL = 'anneal.owner';
export const RUN_LABEL = 'anneal.run';
/** Folder of the execution on the worker's machine. */
export const FOLDER_LABEL = 'anneal.folder';
/** Which of the tries to start the execution the container belongs to. */
export const TRY_LABEL = 'anneal.try';
/** Digest of the image, for lineage. */
export const DIGEST_LABEL = 'anneal.image-digest';
const TASK_LABEL = 'anneal.task';
const ATTEMPT_LABEL = 'anneal.attempt';

/** Name of an execution's container (C1). */
export function containerName(owner: string, { runId, task, attempt }: ExecutionId): string {
  const digest = createHash('sha256').update(JSON.stringify([owner, runId, task, attempt]));
  return `anneal-${digest.digest('hex').slice(0, 32)}`;
}

/** Labels by which people and reapers know what a container is for. */
export function containerLabels(
  owner: string,
  { runId, task, attempt }: ExecutionId,
): Record<string, string> {
  return {
    [OWNER_LABEL]: owner,
    [RUN_LABEL]: runId,
    [TASK_LABEL]: task,
    [ATTEMPT_LABEL]: String(attempt),
  };
}

/** The owner of the containers of one store (C2). */
export function ownerOf(storeAddress: string): string {
  return createHash('sha256').update(storeAddress).digest('hex').slice(0, 16);
}
