// Copies a container's log to the attempt's log file while it grows.
//
// L1. Memory holds one chunk: the daemon waits while the disk is written to.
// L2. A worker that comes later copies the log from its beginning, as far as the daemon still has it.

import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { CappedLog } from '../task-end/capped-log.js';
import { isGone, statusOf } from './daemon.js';
import type { ExecutionFolder } from './execution-folder.js';
import { LogFrames } from './log-frames.js';

/** A copy under way. */
export class LogCopy {
  /** Settles when the daemon's stream ended: the container did, or the daemon went away. */
  readonly ended: Promise<void>;
  isOver = false;
  private readonly stopping = new AbortController();
  private failure: unknown;

  constructor(container: Docker.Container, folder: ExecutionFolder) {
    this.ended = copy(container, folder, this.stopping.signal)
      .catch((error: unknown) => {
        this.failure = error;
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
}

async function copy(
  container: Docker.Container,
  folder: ExecutionFolder,
  signal: AbortSignal,
): Promise<void> {
  const log = await CappedLog.open(folder.logPath, folder.logScratch);
  try {
    const options = { follow: true, stdout: true, stderr: true, abortSignal: signal } as const;
    const stream = (await container.logs(options)) as unknown as Readable;
    const frames = new LogFrames();
    signal.addEventListener('abort', () => stream.destroy(), { once: true });
    for await (const chunk of stream) {
      for (const payload of frames.payloads(chunk as Buffer)) await log.write(payload);
    }
  } catch (error) {
    if (!isEndOfStream(error, signal)) throw error;
  } finally {
    await log.close();
  }
}

/** A container or daemon that is gone ends its log; whoever waits for the container sees to that. */
function isEndOfStream(error: unknown, signal: AbortSignal): boolean {
  const { code } = error as NodeJS.ErrnoException;
  if (signal.aborted || code === 'ERR_STREAM_PREMATURE_CLOSE') return true;
  return isGone(error) || [404, 409].includes(statusOf(error) ?? 0);
}
