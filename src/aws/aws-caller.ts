// Calls AWS with patience: throttling and outages are waited out here, with heartbeats. Deployments and job runners
// share it; how a failure is put into words is theirs.
//
// W1. The SDK's own retries are off: a change whose answer was lost is never sent again blindly.
// W2. Reading and deleting are repeated until they work or the time is up. A change is sent once; the caller then
//     looks what has become of it (settle) before it sends another.

import { awsFailureOf, isTransient, type AwsFailure } from './aws-failure.js';
import { backoffMs, wait, type Waiting } from './waiting.js';

export interface AwsCaller {
  readonly waiting: Waiting;
  /** Makes a call that may be repeated at will: reading, deleting. Undefined when there is no such thing. */
  repeat<Result>(call: () => Promise<Result>): Promise<Result | undefined>;
  /**
   * Brings something about: looks, changes when needed, looks again after any doubt (W2).
   *
   * @param observe what is there; undefined when nothing is
   * @param change sends the one call that brings it about
   * @returns what is there in the end, made by us or found
   */
  settle<Found>(
    observe: () => Promise<Found | undefined>,
    change: () => Promise<unknown>,
  ): Promise<Found>;
  /** Sends a change once; tells whether its outcome is known. Waits before it answers `unsure`. */
  send(change: () => Promise<unknown>): Promise<'done' | 'unsure'>;
}

export interface AwsCallerOptions {
  readonly waiting: Waiting;
  /** How long one call may go on being throttled or unanswered, in milliseconds. */
  readonly patienceMs: number;
  /** What AWS refused, in the caller's words; `error` is the SDK's, or anything else that was thrown. */
  readonly refused: (error: unknown) => Error;
  /** What AWS throttled or left unanswered for too long, in the caller's words. */
  readonly exhausted: (failure: AwsFailure | undefined, cause: Error | undefined) => Error;
}

/** Makes the caller of one undertaking: a deployment, a job. */
export function createAwsCaller(options: AwsCallerOptions): AwsCaller {
  // Apart: reads that work must not make endless patience with changes that are refused.
  const reading = new Patience(options);
  const changing = new Patience(options);

  const repeat: AwsCaller['repeat'] = async (call) => {
    for (;;) {
      try {
        const result = await call();
        reading.restore();
        return result;
      } catch (error) {
        if (awsFailureOf(error) === 'missing') return undefined;
        await reading.spend(error);
      }
    }
  };
  const send: AwsCaller['send'] = async (change) => {
    try {
      await change();
      changing.restore();
      return 'done';
    } catch (error) {
      await changing.spend(error);
      return 'unsure';
    }
  };
  const settle: AwsCaller['settle'] = async (observe, change) => {
    for (;;) {
      const found = await observe();
      if (found !== undefined) return found;
      const refusal = await send(change).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (refusal === undefined) continue;
      // "Already existing": someone, or our own lost call, was first.
      const meanwhile = await observe();
      if (meanwhile === undefined) throw refusal.error;
      return meanwhile;
    }
  };
  return { waiting: options.waiting, repeat, send, settle };
}

/** Waits out failures one after another, for so long and no longer. */
class Patience {
  readonly #options: AwsCallerOptions;
  #failures = 0;
  #failingSince = 0;

  constructor(options: AwsCallerOptions) {
    this.#options = options;
  }

  restore(): void {
    this.#failures = 0;
  }

  /** Waits longer with every failure in a row; throws what patience cannot mend. */
  async spend(error: unknown): Promise<void> {
    const { waiting, patienceMs, refused, exhausted } = this.#options;
    const failure = awsFailureOf(error);
    if (!isTransient(failure)) throw refused(error);
    this.#failures += 1;
    const now = waiting.clock.now();
    if (this.#failures === 1) this.#failingSince = now;
    if (now - this.#failingSince > patienceMs) throw exhausted(failure, withoutRequest(error));
    const state = failure === 'throttled' ? 'throttled by AWS' : 'AWS does not answer';
    await wait(backoffMs(this.#failures, waiting.random), state, waiting);
  }
}

/** The SDK's errors hold the request, with the session token in its headers: none of it goes on. */
export function withoutRequest(error: unknown): Error | undefined {
  return error instanceof Error ? new Error(`${error.name}: ${error.message}`) : undefined;
}
