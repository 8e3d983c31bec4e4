import { open, stat } from 'node:fs/promises';
import type { RunView, TaskView } from '../contract/index.js';
import { clientErrors, isAnnealError } from '../errors/index.js';
import { keys, readManifest } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { closestMatch } from '../util/index.js';

/**
 * Chooses the task whose log is asked for.
 *
 * @param wanted  path of the task; without it the task that failed, else the one that runs
 * @throws E_NOT_FOUND with the nearest name; E_USAGE when there is no obvious one
 */
export function chooseTask(view: RunView, wanted: string | undefined): TaskView {
  const leaves = view.tasks.filter(({ kind }) => kind !== 'dag' && kind !== 'loop');
  const names = leaves.map(({ name }) => name);
  if (wanted === undefined) {
    const found =
      leaves.find(({ status }) => status === 'failed') ??
      leaves.find(({ status }) => status === 'running');
    if (found !== undefined) return found;
    throw clientErrors.usage(
      'Say which task: none failed and none runs.',
      `Tasks: ${names.join(', ')}.`,
    );
  }
  const task = leaves.find(({ name }) => name === wanted) ?? onlyEnding(leaves, wanted);
  if (task !== undefined) return task;
  throw clientErrors.notFound('task', wanted, {
    nearest: closestMatch(wanted, names),
    hint: `Tasks of this run: ${names.join(', ')}.`,
  });
}

/** A task inside a group may be named without the group when no other ends the same. */
function onlyEnding(tasks: readonly TaskView[], wanted: string): TaskView | undefined {
  const found = tasks.filter(({ name }) => name.endsWith(`/${wanted}`));
  return found.length === 1 ? found[0] : undefined;
}

/** Store key of the log of a task's last try; of a cached task: of the execution it came from. */
export async function logKeyOf(
  store: ArtifactStore,
  runId: string,
  task: TaskView,
): Promise<string> {
  const manifest = task.manifestKey && (await readManifest(store, task.manifestKey));
  const original = manifest && manifest.cachedFrom?.manifestKey;
  const made = original ? await readManifest(store, original) : manifest;
  if (made && made.logKey !== undefined) return made.logKey;
  return `${keys.attemptFolder(runId, task.name, Math.max(1, task.attempts))}/log.txt`;
}

/**
 * Reads a log from a place on.
 *
 * @returns the new text and the place after it; empty when nothing is there (yet)
 */
export async function readLog(
  store: ArtifactStore,
  key: string,
  from = 0,
): Promise<{ readonly bytes: Uint8Array; readonly end: number }> {
  const path = await localPathOf(store, key);
  if (path === undefined) return { bytes: new Uint8Array(), end: from };
  const { size } = await stat(path);
  const start = size < from ? 0 : from; // a capped log is written anew
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return { bytes: bytes.subarray(0, bytesRead), end: start + bytesRead };
  } finally {
    await file.close();
  }
}

async function localPathOf(store: ArtifactStore, key: string): Promise<string | undefined> {
  try {
    return await store.localPath(store.uriOf(key));
  } catch (error) {
    if (isAnnealError(error) && error.code === 'E_ARTIFACT') return undefined;
    throw error;
  }
}
