// Follows a run to its end.
//
// W1. The last view yielded is the final one; a view equal to the one before is not yielded.
// W2. Trouble with the server is borne for `patienceMs`, counted anew after every answer; then E_SERVER.
// W3. A missing worker is no trouble: the run is durable and goes on when one comes.
// W4. Aborting ends the iteration quietly and closes every open call.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '../contract/index.js';
import type { AnnealError } from '../errors/index.js';

export interface WatchSources {
  /** The state now; rejects with a retryable error while the server or worker is away. */
  readonly current: () => Promise<RunView>;
  /** Settles when the run has closed, with its final view. */
  readonly closed: () => Promise<RunView>;
  /** Turns what a source threw into a typed error. */
  readonly mapError: (error: unknown) => AnnealError;
}

export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** First and longest pause between two looks, in milliseconds. Default 200 and 2000. */
  readonly intervalMs?: readonly [first: number, longest: number];
  /** How long an unreachable server is borne, in milliseconds. Default 60000. */
  readonly patienceMs?: number;
  /** Told once when answers stop coming, and once (with undefined) when they come again. */
  readonly onTrouble?: (trouble: AnnealError | undefined) => void;
}

/** Yields the run's state whenever it changed, and at last its final view (W1). */
export async function* watchRun(
  sources: WatchSources,
  options: WatchOptions = {},
): AsyncGenerator<RunView, void, undefined> {
  const [firstMs, longestMs] = options.intervalMs ?? [200, 2000];
  const answers = new Answers(options.onTrouble);
  const end = new RunEnd(sources, answers, options);
  let seen = '';
  let pauseMs = firstMs;
  for (;;) {
    const view = await Promise.race([end.view, look(sources, answers, options)]);
    if (isAborted(options)) return;
    const text = view === undefined ? seen : JSON.stringify(view);
    pauseMs = text === seen ? Math.min(pauseMs * 1.5, longestMs) : firstMs;
    if (view !== undefined && text !== seen) yield view;
    seen = text;
    if (end.settled) return yield* lastView(await end.view, seen);
    await pause(pauseMs, end.over);
    if (isAborted(options)) return;
  }
}

function* lastView(view: RunView | undefined, seen: string): Generator<RunView, void> {
  if (view !== undefined && JSON.stringify(view) !== seen) yield view;
}

function isAborted({ signal }: WatchOptions): boolean {
  return signal?.aborted === true;
}

async function look(
  sources: WatchSources,
  answers: Answers,
  options: WatchOptions,
): Promise<RunView | undefined> {
  try {
    const view = await sources.current();
    answers.came();
    return view;
  } catch (error) {
    const mapped = sources.mapError(error);
    // A run that only its record remembers cannot be asked: its end is read instead.
    if (isAborted(options) || mapped.code === 'E_NOT_FOUND') return undefined;
    if (!mapped.retryable) throw mapped;
    answers.failed(mapped);
    return undefined;
  }
}

/** Waits for the run's end across server restarts (W2). */
class RunEnd {
  readonly view: Promise<RunView | undefined>;
  /** Aborted when the run has ended or nobody watches any more. */
  readonly over: AbortSignal;
  settled = false;

  constructor(sources: WatchSources, answers: Answers, options: WatchOptions) {
    const ended = new AbortController();
    this.over = AbortSignal.any([ended.signal, ...(options.signal ? [options.signal] : [])]);
    this.view = this.#wait(sources, answers, options).finally(() => {
      this.settled = true;
      ended.abort();
    });
    this.view.catch(() => undefined); // reported by the awaiting loop
  }

  async #wait(
    sources: WatchSources,
    answers: Answers,
    options: WatchOptions,
  ): Promise<RunView | undefined> {
    const patienceMs = options.patienceMs ?? 60_000;
    let firstFailureAt: number | undefined;
    while (!isAborted(options)) {
      try {
        return await sources.closed();
      } catch (error) {
        if (isAborted(options)) return undefined;
        const mapped = sources.mapError(error);
        firstFailureAt ??= Date.now();
        const silentSince = Math.max(firstFailureAt, answers.lastAt);
        if (!mapped.retryable || Date.now() - silentSince > patienceMs) throw mapped;
        await pause(500, options.signal);
      }
    }
    return undefined;
  }
}

/** Remembers when the server last answered, and reports the begin and end of trouble. */
class Answers {
  lastAt = 0;
  #troubled = false;
  constructor(private readonly report: WatchOptions['onTrouble']) {}

  came(): void {
    this.lastAt = Date.now();
    if (this.#troubled) this.report?.(undefined);
    this.#troubled = false;
  }

  failed(trouble: AnnealError): void {
    if (trouble.code === 'E_WORKER') this.lastAt = Date.now(); // W3: the server did answer
    if (!this.#troubled) this.report?.(trouble);
    this.#troubled = true;
  }
}

async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => undefined); // W4: an abort ends the pause
}
