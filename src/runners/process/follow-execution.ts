// Starts one execution or finds it again, and waits for its end.
//
// R1. Before starting: a finished execution is taken as it is, a living supervisor is adopted.
//     Which of several workers starts is decided by the supervisor's file lock, never here.
// R2. When the signal aborts, the supervisor is asked to end the task; the wait goes on until it did.
// R3. The lease is renewed as long as a worker waits. A signal that aborts with LET_GO ends the wait only.

import { LET_GO } from '../runner.js';
import { watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isFinal, type ExecutionFolder, type ExitRecord } from './execution-folder.js';
import { identify, isAlive, signalProcess, type ProcessIdentity } from './process-identity.js';

export interface FollowOptions {
  readonly folder: ExecutionFolder;
  /** Starts a supervisor and returns its process id. */
  readonly start: () => Promise<number>;
  /** Ends what a supervisor that was killed left behind. */
  readonly sweep: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly orphanSeconds: number;
  readonly graceSeconds: number;
}

/** How a wait ended: with the task's record, with a supervisor that vanished, or because the worker let go. */
export type Followed =
  { readonly exit: ExitRecord } | { readonly lost: string } | { readonly goesOn: true };

const POLL_MS = 250;
const MAX_RENEW_MS = 5000;
// Between TERM's grace and giving up on the supervisor itself.
const SUPERVISOR_SLACK_MS = 10_000;
const MAX_STARTS = 5;

/** Carries one execution to its end (R1, R2, R3). */
export async function followExecution(options: FollowOptions): Promise<Followed> {
  const { folder, orphanSeconds } = options;
  const before = await folder.readExit();
  if (before !== undefined && isFinal(JSON.parse(before) as ExitRecord)) {
    return { exit: JSON.parse(before) as ExitRecord };
  }
  const renewMs = Math.min(MAX_RENEW_MS, (orphanSeconds * 1000) / 4);
  // A renewal that fails is seen by the supervisor, as the lack of one.
  const renewal = setInterval(() => void folder.renewLease().catch(() => undefined), renewMs);
  try {
    return await startAndWait(options, before);
  } finally {
    clearInterval(renewal);
  }
}

async function startAndWait(options: FollowOptions, stale: string | undefined): Promise<Followed> {
  const { folder, signal } = options;
  for (let starts = 0; starts < MAX_STARTS; starts += 1) {
    let supervisor = await folder.liveLease();
    if (supervisor === undefined) {
      if (signal.aborted) return { lost: 'it was canceled before it started' };
      supervisor = await identify(await options.start());
    } else {
      await folder.renewLease();
    }
    const exit = await waitForExit(options, supervisor, stale);
    if (exit !== undefined) return { exit };
    if (isLetGo(signal)) return { goesOn: true };
    const lease = await folder.lease();
    if (lease !== undefined && !(await isAlive(lease)) && lease.pid === supervisor?.pid) {
      await options.sweep();
      return { lost: 'its supervisor was killed' };
    }
    await delay(50);
  }
  await options.sweep();
  return { lost: 'its supervisor does not stay alive' };
}

/** Waits until there is an exit record other than the stale one, or the supervisor is gone. */
async function waitForExit(
  { folder, signal, graceSeconds }: FollowOptions,
  supervisor: ProcessIdentity | undefined,
  stale: string | undefined,
): Promise<ExitRecord | undefined> {
  const wake = new Wake(folder.path, signal);
  let killAt: number | undefined;
  try {
    for (;;) {
      const isGone = supervisor === undefined || !(await isAlive(supervisor));
      const text = await folder.readExit();
      if (text !== undefined && text !== stale) {
        await untilGone(supervisor);
        return JSON.parse(text) as ExitRecord;
      }
      if (isGone || isLetGo(signal)) return undefined;
      if (signal.aborted && killAt === undefined) {
        killAt = performance.now() + graceSeconds * 1000 + SUPERVISOR_SLACK_MS;
        await signalProcess(supervisor, 'SIGTERM');
      }
      if (killAt !== undefined && performance.now() > killAt) {
        await signalProcess(supervisor, 'SIGKILL');
      }
      await wake.orAfter(POLL_MS);
    }
  } finally {
    wake.close();
  }
}

function isLetGo(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason === LET_GO;
}

/** The supervisor ends right after its record; then nothing of the execution is left (R2). */
async function untilGone(supervisor: ProcessIdentity | undefined): Promise<void> {
  const giveUp = performance.now() + SUPERVISOR_SLACK_MS;
  while (supervisor !== undefined && performance.now() < giveUp && (await isAlive(supervisor))) {
    await delay(1);
  }
}

/** Ends a pause early when the folder changes or the signal aborts; without inotify it just pauses. */
class Wake {
  private ring: () => void = () => undefined;
  private rang = false;
  private readonly watcher;

  constructor(
    folder: string,
    private readonly signal: AbortSignal,
  ) {
    this.watcher = this.tryWatch(folder);
    signal.addEventListener('abort', this.onEvent);
  }

  async orAfter(milliseconds: number): Promise<void> {
    if (!this.rang) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.ring = resolve;
        timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
    }
    this.rang = false;
  }

  close(): void {
    this.watcher?.close();
    this.signal.removeEventListener('abort', this.onEvent);
  }

  private readonly onEvent = (): void => {
    this.rang = true;
    this.ring();
  };

  private tryWatch(folder: string): ReturnType<typeof watch> | undefined {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || name === 'exit.json') this.onEvent();
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }
}
