/** Time as the fake sees it, milliseconds since the epoch. */
export interface FakeClock {
  now(): number;
}

const BEGIN_MS = Date.UTC(2026, 0, 1);

/** Time that passes only when somebody sleeps: hours of waiting in milliseconds. */
export class VirtualClock implements FakeClock {
  #nowMs = BEGIN_MS;

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.advance(ms);
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      });
    });
  }
}

/**
 * The machine's time, passing faster: for people, who would not wait minutes for an endpoint.
 *
 * @param speed seconds of the fake in one second of the machine
 */
export function fasterClock(speed: number): FakeClock {
  const begin = Date.now();
  return { now: () => begin + (Date.now() - begin) * speed };
}
