// Names of jobs: they follow from the execution alone, so that whoever comes after a crash finds its job.
//
// N1. SageMaker never frees a name. A job that was lost to the infrastructure is followed by one of the next
//     generation: the same hash, the next number.
// N2. Two projects of one account cannot meet: the hash covers the attempt's place in the store.

import { sha256Of } from '../../storage/index.js';

// 24 hex digits: with the longest key of the store, the outputs of a training job stay within 900 bytes.
const HASH_LENGTH = 24;

/** Every job of this project's runners begins with it; policies rely on it. */
export const JOB_NAME_PREFIX = 'anneal-';

/** @param generation from 1 */
export function jobName(stagingUri: string, generation: number): string {
  const hash = sha256Of(stagingUri).slice('sha256:'.length, 'sha256:'.length + HASH_LENGTH);
  return `${JOB_NAME_PREFIX}${hash}-${generation}`;
}

/** Folder below the attempt's place that a generation's job writes to. */
export function jobFolder(generation: number): string {
  return `_jobs/${generation}`;
}
