// Waits for the end of a container, whatever happens to the daemon meanwhile.
//
// W1. The container is asked for its state again and again: an answer that never comes cannot hold up the wait.
// W2. When the signal aborts, or the time is up, the container gets TERM and, after the grace, KILL.
// W3. A signal that aborts with LET_GO ends the wait only.
// W4. A daemon that is away for a moment is waited for; what became of the container is seen afterwards.
// W5. The lease is renewed as long as a worker waits.

import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LET_GO } from '../runner.js';
import { LogCopy } from './copy-log.js';
import { answered, isGone, statusOf } from './daemon.js';
import type { ExecutionFolder } from './execution-folder.js';

export type ContainerState = Docker.ContainerInspectInfo['State'];

export interface FollowOptions {
  readonly container: Docker.Container;
  /** What it prints, when it was attached to before it ran. */
  readonly output?: Readable;
  readonly folder: ExecutionFolder;
  readonly signal: AbortSignal;
  readonly timeoutSeconds?: number;
  readonly graceSeconds: number;
  /** Seconds that a worker may be silent, and that the daemon may be away. */
  readonly orphanSeconds: number;
}

/** How a wait ended. */
export type Followed =
  | {
      readonly kind: 'ended';
      readonly state: ContainerState;
      readonly isTimedOut: boolean;
      /** The daemon was away for a while. */
      readonly isInterrupted: boolean;
    }
  | { readonly kind: 'let go' }
  | { readonly kind: 'lost'; readonly reason: string };

const QUICK_POLL_MS = 100;
const POLL_MS = 500;
const QUICK_POLLS = 50;
const LOG_END_MS = 15_000;

/** Follows a started container to its end (W1 to W5). */
export async function followContainer(options: FollowOptions): Promise<Followed> {
  const { folder, orphanSeconds } = options;
  const renewMs = Math.min(5000, (orphanSeconds * 1000) / 4);
  // A renewal that fails is seen by the reapers, as the lack of one.
  const renewal = setInterval(() => void folder.renewLease().catch(() => undefined), renewMs);
  const wait = new ContainerWait(options);
  try {
    return await wait.toTheEnd();
  } finally {
    clearInterval(renewal);
    await wait.stopLog();
  }
}

class ContainerWait {
  private log: LogCopy;
  private goneSince: number | undefined;
  private isInterrupted = false;
  private isTimedOut = false;
  private wakeUp: () => void = () => undefined;

  constructor(private readonly options: FollowOptions) {
    this.log = this.openLog(options.output);
  }

  async toTheEnd(): Promise<Followed> {
    for (let polls = 0; ; polls += 1) {
      if (isLetGo(this.options.signal)) return { kind: 'let go' }; // W3
      const seen = await this.look();
      if (seen === 'removed') return { kind: 'lost', reason: 'its container was removed' };
      if (seen === 'gone') {
        if (this.isPatienceOver()) return { kind: 'lost', reason: 'the container daemon is gone' };
      } else if (hasEnded(seen)) {
        await this.log.finish(LOG_END_MS);
        const { isTimedOut, isInterrupted } = this;
        return { kind: 'ended', state: seen, isTimedOut, isInterrupted };
      } else await this.endWhenDue(seen);
      await this.pause(polls < QUICK_POLLS ? QUICK_POLL_MS : POLL_MS);
    }
  }

  stopLog(): Promise<void> {
    return this.log.stop();
  }

  private async look(): Promise<ContainerState | 'gone' | 'removed'> {
    try {
      const { State } = await answered(this.options.container.inspect());
      if (this.goneSince !== undefined) {
        this.goneSince = undefined;
        await this.log.stop();
        this.log = this.openLog();
      }
      return State;
    } catch (error) {
      if (statusOf(error) === 404) return 'removed';
      if (!isGone(error)) throw error;
      this.goneSince ??= performance.now(); // W4
      this.isInterrupted = true;
      return 'gone';
    }
  }

  private isPatienceOver(): boolean {
    const { signal, orphanSeconds } = this.options;
    const patienceMs = signal.aborted ? 0 : orphanSeconds * 1000;
    return performance.now() - (this.goneSince ?? Infinity) > patienceMs;
  }

  // W2
  private async endWhenDue({ StartedAt }: ContainerState): Promise<void> {
    const { signal, timeoutSeconds, container, graceSeconds } = this.options;
    const runsSeconds = (Date.now() - Date.parse(StartedAt)) / 1000;
    this.isTimedOut ||= timeoutSeconds !== undefined && runsSeconds >= timeoutSeconds;
    if (signal.aborted || this.isTimedOut) await stopContainer(container, graceSeconds);
  }

  /** Opens the log, whose end ends a pause: the container has most likely ended as well. */
  private openLog(output?: Readable): LogCopy {
    const log = new LogCopy(this.options.container, this.options.folder, output);
    void log.ended.then(() => this.wakeUp());
    return log;
  }

  private async pause(milliseconds: number): Promise<void> {
    const { signal } = this.options;
    const awake = new AbortController();
    this.wakeUp = () => awake.abort();
    signal.addEventListener('abort', this.wakeUp, { once: true });
    if (!signal.aborted) {
      await delay(milliseconds, undefined, { signal: awake.signal }).catch(() => undefined);
    }
    signal.removeEventListener('abort', this.wakeUp);
  }
}

/** Ends a container: TERM, and after the grace KILL. One that ended by itself is no error. */
export async function stopContainer(
  container: Docker.Container,
  graceSeconds: number,
): Promise<void> {
  const grace = Math.ceil(graceSeconds);
  try {
    await answered(container.stop({ t: grace }), (grace + 30) * 1000);
  } catch (error) {
    if (!isGone(error) && ![304, 404, 409].includes(statusOf(error) ?? 0)) throw error;
  }
}

/** Whether nothing of a container runs any more. */
export function hasEnded({ Status, Running }: ContainerState): boolean {
  return !Running && ['exited', 'dead', 'stopped'].includes(Status);
}

function isLetGo(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason === LET_GO;
}
