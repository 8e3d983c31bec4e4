import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { chooseTask, logKeyOf, readLog } from './task-log.js';

export interface LogOptions {
  /** Waits for more until the task has ended. Default false: what is there now. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

// Soon enough to feel live, rare enough to cost nothing.
const POLL_MS = 300;

/**
 * Yields the log of a task, piece by piece.
 *
 * @param show    the run's state now
 * @param wanted  path of the task; without it the task that failed, else the one that runs
 * @throws E_NOT_FOUND with the nearest name; E_USAGE when there is no obvious task
 */
export async function* readLogs(
  store: ArtifactStore,
  show: () => Promise<RunView>,
  wanted: string | undefined,
  { follow = false, signal }: LogOptions = {},
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let view = await show();
  const task = chooseTask(view, wanted).name;
  for (let end = 0; ; view = await show()) {
    const state = chooseTask(view, task);
    const added = await readLog(store, await logKeyOf(store, view.runId, state), end);
    end = added.end;
    const text = decoder.decode(added.bytes, { stream: true });
    if (text !== '') yield text;
    const isOver = state.status !== 'pending' && state.status !== 'running';
    if (!follow || isOver || signal?.aborted === true) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
