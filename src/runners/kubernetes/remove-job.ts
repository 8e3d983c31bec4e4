import { setTimeout as delay } from 'node:timers/promises';
import { isAnnealError } from '../../errors/index.js';
import type { Cluster } from './cluster.js';

const FIRST_LOOK_MS = 100;
const MAX_LOOK_MS = 2000;

/**
 * Removes a Job and returns when it and its pods are gone: the cluster keeps the Job until the last pod's
 * containers have ended. A node that does not answer is waited for, as its pod may still run.
 *
 * @throws E_RUNNER when the cluster refuses
 */
export async function removeJob(cluster: Cluster, name: string): Promise<void> {
  const first = await cluster.readJob(name);
  if (first === undefined) return;
  const uid = first.metadata?.uid;
  if (first.metadata?.deletionTimestamp === undefined) await cluster.deleteJob(name, uid);
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(MAX_LOOK_MS, lookMs * 1.5)) {
    const isGone = await cluster.readJob(name).then(
      (job) => job?.metadata?.uid !== uid,
      (error: unknown) => {
        if (isAnnealError(error) && error.retryable) return false;
        throw error;
      },
    );
    if (isGone) return;
    await delay(lookMs);
  }
}
