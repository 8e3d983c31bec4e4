// How a worker is told to stop.
//
// Q1. The first signal, or the end of its standard input, lets it stop in order.
// Q2. A second signal cuts short what it still waits for. Input and signal together count as one.

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Calls `stop` at the first request, and `hurry` when a second signal comes. */
export function onStopRequests(stop: () => void, hurry: () => void): void {
  let signals = 0;
  for (const name of SIGNALS) {
    process.on(name, () => {
      signals += 1;
      if (signals === 1) stop();
      else hurry();
    });
  }
  process.stdin.on('end', stop).resume();
}
