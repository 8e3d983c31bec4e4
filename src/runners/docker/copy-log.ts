// Copies what a container prints to the attempt's log file while it prints it.
//
// L1. Memory holds one chunk: the daemon, and in the end the task, waits while the disk is written to.
// L2. The worker that starts a container is attached to it before it runs: nothing is missed or seen twice, which the
//     daemon's own log cannot promise once it was rotated.
// L3. A worker that comes later copies what the daemon still has, and then what is printed from then on.

import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { CappedLog } from '../task-end/capped-log.js';
import { answered, isGone, statusOf } from './daemon.js';
import type { ExecutionFolder } from './execution-folder.js';
import { LogFrames } from './log-frames.js';

/** Attaches to a container that does not run yet (L2). */
export function attach(container: Docker.Container): Promise<Readable> {
  return openOutput(container.attach({ stream: true, stdout: true, stderr: true }));
}

/** A copy under way. */
export class LogCopy {
  /** Settles when the daemon's stream ended: the container did, or the daemon went away. */
  readonly ended: Promise<void>;
  isOver = false;
  private readonly stopping = new AbortController();
  private failure: unknown;

  /** @param output  of `attach`; absent: the container was found (L3) */
  constructor(container: Docker.Container, folder: ExecutionFolder, output?: Readable) {
    this.ended = this.copy(container, folder, output)
      .catch((error: unknown) => {
        if (!this.isEndOfStream(error)) this.failure = error;
      })
      .finally(() => {
        this.isOver = true;
      });
  }

  /** Waits for the end of the log, up to a limit. Throws what kept it from being written. */
  async finish(limitMs: number): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(), limitMs);
    await this.ended;
    clearTimeout(timer);
    if (this.failure !== undefined) throw this.failure as Error;
  }

  /** Stops copying at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async copy(
    container: Docker.Container,
    folder: ExecutionFolder,
    attached?: Readable,
  ): Promise<void> {
    const log = await CappedLog.open(folder.logPath, folder.logScratch);
    const { signal } = this.stopping;
    try {
      const output = attached ?? (await outputSoFar(container));
      signal.addEventListener('abort', () => output.destroy(), { once: true });
      if (signal.aborted) output.destroy();
      const frames = new LogFrames();
      for await (const chunk of output) {
        for (const payload of frames.payloads(chunk as Buffer)) await log.write(payload);
      }
    } finally {
      await log.close();
    }
  }

  /** A container or daemon that is gone ends its log; whoever waits for the container sees to that. */
  private isEndOfStream(error: unknown): boolean {
    const { code } = error as NodeJS.ErrnoException;
    if (this.stopping.signal.aborted || code === 'ERR_STREAM_PREMATURE_CLOSE') return true;
    return isGone(error) || [404, 409].includes(statusOf(error) ?? 0);
  }
}

async function outputSoFar(container: Docker.Container): Promise<Readable> {
  const { State } = await answered(container.inspect());
  const streams = { stdout: true, stderr: true } as const;
  return State.Running
    ? openOutput(container.attach({ ...streams, stream: true, logs: true }))
    : openOutput(container.logs({ ...streams, follow: true }));
}

async function openOutput(asked: Promise<unknown>): Promise<Readable> {
  return (await answered(asked)) as Readable;
}
