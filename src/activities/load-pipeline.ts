import { resolvePipeline } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { PipelineReference } from '../contract/index.js';
import type { Pipeline } from '../ir/index.js';
import { readPipeline } from '../ir/yaml/index.js';

export interface LoadedPipeline {
  readonly pipeline: Pipeline;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
}

/** Parsed pipelines kept in memory: a worker sees the same few again and again. */
const KEPT = 32;

/** Reads compiled pipelines from the store, each once. */
export class PipelineLoader {
  private readonly byDigest = new Map<string, Pipeline>();

  constructor(private readonly store: ArtifactStore) {}

  /** @throws E_NOT_FOUND, and whatever makes the stored text an invalid pipeline */
  async load(reference: PipelineReference): Promise<LoadedPipeline> {
    const { name, version, digest, text } = await resolvePipeline(this.store, reference);
    const known = this.byDigest.get(digest);
    if (known !== undefined) return { pipeline: known, name, version, digest };
    const pipeline = readPipeline(text, `${name}@${version}`);
    this.keep(digest, pipeline);
    return { pipeline, name, version, digest };
  }

  private keep(digest: string, pipeline: Pipeline): void {
    this.byDigest.set(digest, pipeline);
    const [oldest] = this.byDigest.keys();
    if (this.byDigest.size > KEPT && oldest !== undefined) this.byDigest.delete(oldest);
  }
}
