import type { Clock } from '../../../src/aws/index.js';

/** Time that passes only when somebody sleeps: hours of waiting in milliseconds. */
export class VirtualClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 1);

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
