import { ReuseSource, SpecReader } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';

/** Runs that are retried at once and kept in memory. */
const KEPT = 8;

/** The earlier runs that running retries go on from, each read once. */
export class ReuseSources {
  private readonly specs: SpecReader;
  private readonly sources = new Map<string, ReuseSource>();

  constructor(private readonly store: ArtifactStore) {
    this.specs = new SpecReader(store);
  }

  /** @param runs  the nearest first */
  of(runs: readonly string[]): ReuseSource {
    const key = JSON.stringify(runs);
    const source = this.sources.get(key) ?? new ReuseSource(this.store, this.specs, runs);
    this.sources.set(key, source);
    const [oldest] = this.sources.keys();
    if (this.sources.size > KEPT && oldest !== undefined) this.sources.delete(oldest);
    return source;
  }
}
