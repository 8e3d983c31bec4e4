// What Ctrl-C does while a command waits for a run.
//
// I1. The first one stops the waiting, never the run.
// I2. The second one ends the command at once; the service's supervisor cleans up behind it.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT_INTERRUPTED = 130;

export interface Interruption {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
}

/** Runs `body` with interruption by signals turned into an abort. */
export async function interruptible<Result>(
  body: (interruption: Interruption) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED); // I2
    controller.abort(); // I1
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await body({ signal: controller.signal });
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
