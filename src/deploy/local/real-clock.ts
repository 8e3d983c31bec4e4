import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutClock } from './roll-out.js';

/** The machine's own, which no change of the date moves. */
export const REAL_CLOCK: RolloutClock = {
  now: () => performance.now(),
  sleep: (ms) => sleep(ms),
};
