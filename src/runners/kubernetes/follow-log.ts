// Copies the log of a pod's task to this machine while it runs.
//
// L1. A stream that broke, or that ended while the task went on, is read again from its start into a new file:
//     nothing is doubled. What a node has rotated away by then (10 MiB five times over, by default) is lost.
// L2. The log never decides how a task ends: without it the task only has none.

import { setTimeout as delay } from 'node:timers/promises';
import path from 'node:path';
import { CappedLog } from '../task-end/capped-log.js';
import type { Cluster } from './cluster.js';

const ATTEMPTS = 8;
const PAUSE_MS = 500;
/** Between the end of the stream and the news that the container ended. */
const NEWS_MS = 3000;
/** A task that ended has its log there: what takes longer is a node that does not answer. */
const REST_MS = 20_000;

export class FollowedLog {
  private readonly stop = new AbortController();
  private readonly ended = new AbortController();
  private readonly done: Promise<void>;

  constructor(
    private readonly cluster: Cluster,
    private readonly pod: string,
    private readonly path: string,
  ) {
    this.done = this.copy();
  }

  /** Says that the task's container has ended. */
  taskEnded(): void {
    this.ended.abort();
  }

  /** Waits for the rest of the log. */
  async finish(): Promise<void> {
    this.taskEnded();
    const timer = setTimeout(() => this.stop.abort(), REST_MS);
    await this.done;
    clearTimeout(timer);
  }

  /** Ends the copying now. */
  async abandon(): Promise<void> {
    this.stop.abort();
    await this.done;
  }

  private async copy(): Promise<void> {
    const { stop, ended } = this;
    for (let attempt = 1; attempt <= ATTEMPTS && !stop.signal.aborted; attempt += 1) {
      const isWhole = await this.copyOnce();
      const signal = isWhole ? AbortSignal.any([stop.signal, ended.signal]) : stop.signal;
      if (isWhole && ended.signal.aborted) return;
      await delay(isWhole ? NEWS_MS : PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (isWhole && ended.signal.aborted) return;
      if (isWhole) attempt = 0; // the task goes on
    }
  }

  /** @returns whether the stream was read to its end */
  private async copyOnce(): Promise<boolean> {
    let log: CappedLog | undefined;
    try {
      const stream = await this.cluster.openLog(this.pod, 'task', this.stop.signal);
      log = await CappedLog.open(this.path, path.dirname(this.path));
      for await (const chunk of stream as AsyncIterable<Buffer>) await log.write(chunk);
      await log.close();
      return true;
    } catch {
      await log?.close().catch(() => undefined); // L2
      return false;
    }
  }
}
