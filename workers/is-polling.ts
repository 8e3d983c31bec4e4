import type { temporal } from '@temporalio/proto';

type Poller = temporal.api.taskqueue.v1.IPollerInfo;

// A poll stays open for a minute, and the server notes when it came in; one more minute for a slow server.
const RECENT_MS = 120_000;

/** Whether one of a task queue's pollers is a process of this host; the SDK names a worker `pid@host`. */
export function isPolling(
  pollers: readonly Poller[],
  { host, nowMs }: { readonly host: string; readonly nowMs: number },
): boolean {
  return pollers.some(({ identity, lastAccessTime }) => {
    const seenMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    return identity?.endsWith(`@${host}`) === true && nowMs - seenMs < RECENT_MS;
  });
}
