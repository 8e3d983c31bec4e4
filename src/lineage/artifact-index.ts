// Which executions made or used the bytes with a digest.
//
// I1. The index is derived from manifests: an entry may be missing for a moment, never wrong; writing it twice is harmless.

import type { ArtifactStore } from '../storage/index.js';
import type { TaskValues } from '../contract/index.js';
import { digest, fields, oneOf, text } from './decode.js';
import type { ExecutionManifest } from './execution-manifest.js';
import { indexEntryKey, indexFolder, type ArtifactRole } from './keys.js';
import { readRecord } from './read-record.js';
import { encodeRecord } from './record.js';

export interface IndexEntry {
  readonly digest: string;
  readonly role: ArtifactRole;
  readonly manifestKey: string;
}

const indexEntry = fields<IndexEntry>({ digest, role: oneOf('made', 'used'), manifestKey: text });

/** Writes the entries of one manifest (I1). */
export async function indexArtifacts(
  store: ArtifactStore,
  manifestKey: string,
  manifest: ExecutionManifest,
): Promise<void> {
  const entries = [
    ...digestsOf(manifest.outputs).map((made) => entryOf(made, 'made', manifestKey)),
    ...digestsOf(manifest.inputs).map((used) => entryOf(used, 'used', manifestKey)),
  ];
  await Promise.all(
    entries.map((entry) =>
      store.put(indexEntryKey(entry.digest, entry.role, manifestKey), encodeRecord(entry), {
        ifAbsent: true,
      }),
    ),
  );
}

/** Reads the entries of a digest, in a stable order. @throws E_RECORD when one is damaged */
export async function readIndex(store: ArtifactStore, digest: string): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = [];
  for await (const { key } of store.list(indexFolder(digest))) {
    const entry = await readRecord(store, key, indexEntry);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function entryOf(artifactDigest: string, role: ArtifactRole, manifestKey: string): IndexEntry {
  return { digest: artifactDigest, role, manifestKey };
}

function digestsOf(values: TaskValues): string[] {
  const digests = Object.values(values.artifacts)
    .flat()
    .flatMap((artifact) => artifact.digest ?? []);
  return [...new Set(digests)];
}
