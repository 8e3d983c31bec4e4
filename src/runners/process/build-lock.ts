// One builder at a time per environment, across the workers of a machine.
//
// L1. The lock saves work only: two builders would publish the same environment, and one wins.
// L2. A lock whose owner died is taken over.

import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

const POLL_MS = 100;

/** Runs `work` while holding the lock file; waits for another live owner first. */
export async function withBuildLock<T>(
  file: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  while (!(await take(file))) await delay(POLL_MS, undefined, { signal });
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, JSON.stringify(await identify(process.pid)));
  try {
    // link fails when the name exists, and shows the content whole.
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await removeStale(file);
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

async function removeStale(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined || (await ownerLives(text))) return;
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  await rm(aside, { force: true });
}

async function ownerLives(text: string): Promise<boolean> {
  try {
    return await isAlive(JSON.parse(text) as ProcessIdentity);
  } catch {
    return false;
  }
}
