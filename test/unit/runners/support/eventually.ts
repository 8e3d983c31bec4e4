import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the probe gives something; fails after the deadline, naming what it waited for. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = 10_000,
): Promise<T> {
  const giveUp = performance.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > giveUp) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await delay(20);
  }
}
