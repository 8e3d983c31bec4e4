import { publishPipeline, type PublishedPipeline } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { readCodeSource } from './read-code-source.js';

/** A compiled pipeline and where it is from. */
export interface PipelineText {
  readonly name: string;
  /** The spec's canonical YAML. */
  readonly text: string;
  /** Absolute path of the file it was read or compiled from: its git commit is kept with the version. */
  readonly file?: string;
}

/** Publishes a compiled pipeline with the git commit of its file. @throws E_STORE, E_STORE_FULL */
export async function publishSource(
  store: ArtifactStore,
  { name, text, file }: PipelineText,
): Promise<PublishedPipeline> {
  const source = file === undefined ? undefined : await readCodeSource(file);
  return publishPipeline(store, { name, text, source });
}
