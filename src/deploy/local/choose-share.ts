import type { TrafficCounter } from './traffic-counter.js';

/** Where the requests of one variant go. */
export interface Upstream {
  readonly port: number;
  readonly modelDigest: string;
}

/** A variant's part of the traffic. */
export interface TrafficShare {
  readonly upstream: Upstream;
  /** From 0, for one that only stands by. They need not add up to 100: one that is down leaves its part to others. */
  readonly percent: number;
  readonly counter: TrafficCounter;
}

/**
 * The variant that gets a request.
 *
 * @param chance from 0 to 1, 1 excluded
 * @returns undefined when there is none
 */
export function chooseShare(
  shares: readonly TrafficShare[],
  chance: number,
): TrafficShare | undefined {
  let left = chance * shares.reduce((sum, { percent }) => sum + percent, 0);
  for (const share of shares) {
    if (left < share.percent) return share;
    left -= share.percent;
  }
  return shares.at(-1);
}

/** The variant with the greatest part; of equals the first. */
export function mainShare(shares: readonly TrafficShare[]): TrafficShare | undefined {
  return shares.reduce<TrafficShare | undefined>(
    (main, share) => (main === undefined || share.percent > main.percent ? share : main),
    undefined,
  );
}
