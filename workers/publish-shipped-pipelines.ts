import { writePipeline } from '../src/ir/yaml/index.js';
import { publishPipeline } from '../src/lineage/index.js';
import { shippedPipelines } from '../src/pipelines/index.js';
import type { ArtifactStore } from '../src/storage/index.js';

/** Makes the project's own pipelines startable by name, also by the Temporal CLI. */
export async function publishShippedPipelines(store: ArtifactStore): Promise<void> {
  for (const [name, compile] of shippedPipelines) {
    await publishPipeline(store, { name, text: writePipeline(compile()) });
  }
}
