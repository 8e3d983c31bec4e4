import type { RunIdentity } from '../contract/index.js';
import type { ComponentSpecJson, ExecutorSpecJson, Pipeline } from '../ir/index.js';
import { ownEntry } from '../ir/index.js';
import { readPipeline } from '../ir/yaml/index.js';
import { sha256Of, type ArtifactStore } from '../storage/index.js';
import { storageErrors } from '../errors/index.js';
import { specKey } from './keys.js';

/** The code of a component: its interface and what runs it. */
export interface ComponentCode {
  readonly component: ComponentSpecJson;
  readonly executor: ExecutorSpecJson;
}

/** Compiled pipelines kept in memory. */
const KEPT = 8;

/** Reads the specs that runs were started with, each once. */
export class SpecReader {
  private readonly specs = new Map<string, Promise<Pipeline | undefined>>();

  constructor(private readonly store: ArtifactStore) {}

  /**
   * Reads a compiled pipeline by its digest.
   * @returns undefined when the store has none. @throws E_DIGEST when it was tampered with
   */
  pipeline(digest: string): Promise<Pipeline | undefined> {
    let spec = this.specs.get(digest);
    if (spec === undefined) {
      spec = this.read(digest);
      spec.catch(() => this.specs.delete(digest));
      this.specs.set(digest, spec);
      const [oldest] = this.specs.keys();
      if (this.specs.size > KEPT && oldest !== undefined) this.specs.delete(oldest);
    }
    return spec;
  }

  /** The code that a component of a run's pipeline stood for. */
  async code({ digest }: RunIdentity, name: string): Promise<ComponentCode | undefined> {
    const pipeline = await this.pipeline(digest);
    const component = ownEntry(pipeline?.spec.components, name);
    const executor = ownEntry(pipeline?.deployment.executors, component?.executorLabel ?? '');
    return component === undefined || executor === undefined ? undefined : { component, executor };
  }

  private async read(digest: string): Promise<Pipeline | undefined> {
    const key = specKey(digest);
    const bytes = await this.store.get(key);
    if (bytes === undefined) return undefined;
    const found = sha256Of(bytes);
    if (found !== digest) throw storageErrors.digestMismatch(this.store.uriOf(key), digest, found);
    return readPipeline(Buffer.from(bytes).toString('utf8'), digest);
  }
}
