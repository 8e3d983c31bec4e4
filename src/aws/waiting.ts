import { setTimeout as delay } from 'node:timers/promises';

/** Time as the deployer sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  },
};

/** What every wait of a deployment needs. */
export interface Waiting {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told again and again during a wait: an activity's heartbeat. */
  readonly progress: (state: string) => void;
}

// Well under the 30 s after which a silent activity counts as lost.
const PROGRESS_INTERVAL_MS = 5_000;

/** Waits, reporting `state` every 5 s; throws the signal's reason when it aborts. */
export async function wait(ms: number, state: string, waiting: Waiting): Promise<void> {
  const { clock, signal, progress } = waiting;
  const until = clock.now() + ms;
  for (;;) {
    signal.throwIfAborted();
    progress(state);
    const leftMs = until - clock.now();
    if (leftMs <= 0) return;
    await clock.sleep(Math.min(leftMs, PROGRESS_INTERVAL_MS), signal);
  }
}

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_LONGEST_MS = 30_000;

/** How long to wait before try `attempt` + 1: doubling with full jitter, as AWS advises. */
export function backoffMs(attempt: number, random: () => number): number {
  const most = Math.min(BACKOFF_FIRST_MS * 2 ** (attempt - 1), BACKOFF_LONGEST_MS);
  // Never nothing: a thousand throttled callers must not come back at once.
  return most / 4 + random() * most * 0.75;
}

/** A length of time varied by up to a fifth, so that many pollers do not keep step. */
export function jittered(ms: number, random: () => number): number {
  return ms * (0.8 + random() * 0.4);
}
