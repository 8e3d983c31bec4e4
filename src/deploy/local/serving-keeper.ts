// Keeps one variant's serving process alive.
//
// V4. A process that ends by itself is started again, after 0.5 s, then twice as long each time up
//     to 30 s; a minute of good health resets the wait.
// V5. A variant is routed to only while its process answers /ping.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Upstream } from './choose-share.js';
import { whyNotHealthy, type ServingProcess } from './serving-process.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const GOOD_HEALTH_MS = 60_000;

export interface KeeperOptions {
  readonly modelDigest: string;
  readonly startTimeoutMs: number;
  readonly stopGraceMs: number;
  launch(): Promise<ServingProcess>;
  /** Called with the new upstream when it is ready, with undefined when it is lost (V5). */
  onChange(upstream: Upstream | undefined): void;
}

export interface ServingKeeper {
  upstream(): Upstream | undefined;
  /** Ends the process and starts it no more. */
  stop(): Promise<void>;
}

/**
 * Takes care of a variant from now on.
 *
 * @param healthy its process when it runs and answers already; without one it is started
 */
export function keepServing(options: KeeperOptions, healthy?: ServingProcess): ServingKeeper {
  const stopping = new AbortController();
  let serving = healthy;
  let upstream = healthy && { port: healthy.port, modelDigest: options.modelDigest };

  const start = async (): Promise<void> => {
    serving = await options.launch();
    if ((await whyNotHealthy(serving, options.startTimeoutMs, stopping.signal)) === undefined) {
      upstream = { port: serving.port, modelDigest: options.modelDigest };
      options.onChange(upstream);
    } else {
      await serving.stop(options.stopGraceMs);
    }
  };

  const untilEnded = async (): Promise<void> => {
    await serving?.ended;
    if (upstream !== undefined && !stopping.signal.aborted) options.onChange(undefined);
    upstream = undefined;
  };

  const watch = async (): Promise<void> => {
    let waitMs = FIRST_WAIT_MS;
    if (serving === undefined) await start().catch(() => undefined);
    while (!stopping.signal.aborted) {
      const watchedSince = performance.now();
      await untilEnded();
      if (performance.now() - watchedSince >= GOOD_HEALTH_MS) waitMs = FIRST_WAIT_MS;
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      await start().catch(() => undefined);
    }
  };

  const watched = watch();
  return {
    upstream: () => upstream,
    stop: async () => {
      stopping.abort();
      await serving?.stop(options.stopGraceMs);
      await watched;
      await serving?.stop(options.stopGraceMs);
    },
  };
}
