// Which commit a version of a pipeline was last published from.

import type { CodeSource } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { fields, flag, oneOf, optional, text } from './decode.js';
import { pipelineSourceKey } from './keys.js';
import { readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

interface VersionReference {
  readonly name: string;
  readonly version: number;
}

/** Decodes a source that another record holds. */
export const codeSource = fields<CodeSource>({
  commit: text,
  dirty: flag,
  path: text,
  repository: optional(text),
});

const sourceRecord = fields<{ readonly schemaVersion: 1; readonly source: CodeSource }>({
  schemaVersion: oneOf(1),
  source: codeSource,
});

/** Keeps where a version is from; a later one replaces it. */
export async function writePipelineSource(
  store: ArtifactStore,
  { name, version }: VersionReference,
  source: CodeSource,
): Promise<void> {
  await store.put(pipelineSourceKey(name, version), encodeRecord({ schemaVersion: 1, source }));
}

/** @returns undefined when it was never published from a commit. @throws E_RECORD */
export async function readPipelineSource(
  store: ArtifactStore,
  { name, version }: VersionReference,
): Promise<CodeSource | undefined> {
  const record = await readRecord(store, pipelineSourceKey(name, version), sourceRecord);
  return record?.source;
}
