// Digests an artifact. python-tasks and every runner use the same rule:
//
// C1. A file: SHA-256 of its bytes.
// C2. A folder: SHA-256 of the lines `<hex of the file>  <path within the folder>\n`, sorted by path as UTF-8 bytes
//     (the output of `sha256sum` over the sorted files). Modes, times and empty folders do not count.
// C3. Written `sha256:<hex>`.

import { sha256Of } from '../sha256.js';
import type { StoredContent } from '../artifact-store.js';
import { listArtifactFiles, type ArtifactFile, type ArtifactFiles } from './artifact-files.js';
import { digestFile, type FileSeal } from './digest-file.js';

/** Hashing is bound by one core, syncing by the disk's queue: a few at a time serve both. */
const FILES_AT_ONCE = 8;

export type FileSeals = ReadonlyMap<string, FileSeal>;

export interface DigestedContent {
  readonly content: StoredContent;
  /** Per relative path; `''` for a single file. */
  readonly seals: FileSeals;
}

export interface DigestContentOptions {
  readonly durable?: boolean;
  readonly seals?: FileSeals;
}

/**
 * Digests the file or folder at a path by the rule above.
 *
 * @returns undefined when nothing is there
 * @throws E_ARTIFACT when it holds links, devices and the like, or changes meanwhile
 */
export async function digestContent(
  path: string,
  options: DigestContentOptions = {},
): Promise<DigestedContent | undefined> {
  const tree = await listArtifactFiles(path);
  return tree === undefined ? undefined : digestFiles(tree, options);
}

/** Digests files that were listed before. */
export async function digestFiles(
  tree: ArtifactFiles,
  options: DigestContentOptions,
): Promise<DigestedContent> {
  const seals = await sealFiles(tree.files, options);
  const sizeBytes = [...seals.values()].reduce((total, seal) => total + seal.sizeBytes, 0);
  const digest = tree.kind === 'file' ? `sha256:${seals.get('')!.hex}` : sha256Of(listing(seals));
  return { content: { digest, sizeBytes, kind: tree.kind }, seals };
}

/** Results in the order of the files (C2), whatever the order of completion. */
async function sealFiles(
  files: readonly ArtifactFile[],
  { durable, seals }: DigestContentOptions,
): Promise<FileSeals> {
  const found = new Map<string, FileSeal>();
  for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
    const batch = files.slice(start, start + FILES_AT_ONCE);
    const digested = await Promise.all(
      batch.map(({ path, relativePath }) =>
        digestFile(path, { durable, seal: seals?.get(relativePath) }),
      ),
    );
    batch.forEach(({ relativePath }, index) => found.set(relativePath, digested[index]!));
  }
  return found;
}

function listing(seals: FileSeals): string {
  return [...seals].map(([relativePath, { hex }]) => `${hex}  ${relativePath}\n`).join('');
}
