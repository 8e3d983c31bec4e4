// Wakes those who wait for Jobs, when something about them changes.
//
// W1. A watch only wakes; what is believed is read. So a missed, repeated or late event does no harm.
// W2. There is one watch a kind, however many tasks a worker follows, and none when it follows no task.
// W3. A watch that ends, breaks or is refused is opened again after a pause; everybody is woken then.

import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { ANNEAL, MANAGED_BY } from './job-name.js';

/** The server ends a watch after so long, which also ends one that a broken network keeps silent. */
const WATCH_SECONDS = 300;
const SLACK_MS = 30_000;
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;
const JOB_LABEL = 'batch.kubernetes.io/job-name';

interface WatchedObject {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export class ClusterWatch {
  private readonly waiting = new Map<string, Set<() => void>>();
  private stop: AbortController | undefined;

  constructor(private readonly cluster: Cluster) {}

  /** Calls `wake` at every change of a Job or its pods. @returns what ends it */
  follow(job: string, wake: () => void): () => void {
    const own = this.waiting.get(job) ?? new Set();
    own.add(wake);
    this.waiting.set(job, own);
    if (this.stop === undefined) this.start();
    return () => {
      own.delete(wake);
      if (own.size === 0 && this.waiting.get(job) === own) this.waiting.delete(job);
      if (this.waiting.size === 0) this.close();
    };
  }

  close(): void {
    this.stop?.abort();
    this.stop = undefined;
  }

  // W2
  private start(): void {
    this.stop = new AbortController();
    void this.keepWatching('jobs', this.stop.signal);
    void this.keepWatching('pods', this.stop.signal);
  }

  private async keepWatching(kind: 'jobs' | 'pods', signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.watchOnce(kind, signal);
        failures = 0;
      } catch {
        failures += 1; // followers read by themselves, and say so if that fails too
      }
      if (signal.aborted) return;
      this.wakeAll();
      const pauseMs = failures === 0 ? PAUSE_MS : Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** failures);
      await delay(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }

  private async watchOnce(kind: 'jobs' | 'pods', signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(WATCH_SECONDS * 1000 + SLACK_MS);
    const stream = await this.cluster.openWatch(kind, `${MANAGED_BY}=${ANNEAL}`, {
      seconds: WATCH_SECONDS,
      signal: AbortSignal.any([signal, limit]),
    });
    for await (const line of createInterface({ input: stream })) {
      const event = JSON.parse(line) as { readonly type: string; readonly object: WatchedObject };
      if (event.type === 'ERROR') throw new Error('the watch is too old');
      const { metadata } = event.object;
      this.wake((kind === 'jobs' ? metadata?.name : metadata?.labels?.[JOB_LABEL]) ?? '');
    }
  }

  private wake(job: string): void {
    for (const wake of this.waiting.get(job) ?? []) wake();
  }

  private wakeAll(): void {
    for (const job of [...this.waiting.keys()]) this.wake(job);
  }
}
