// Lists what an artifact consists of, and refuses what is not plain data (S4 of artifact-store.ts).

import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { storageErrors } from '../../errors/index.js';
import { unlessMissing } from './guarded.js';

/** Most files one folder artifact may hold: beyond it a listing costs minutes; pack them instead. */
export const MAX_ARTIFACT_FILES = 100_000;

export interface ArtifactFile {
  /** Path within the artifact with `/` between segments; `''` when the artifact is one file. */
  readonly relativePath: string;
  /** Where the bytes are: no component of it is a link within the artifact. */
  readonly path: string;
}

export interface ArtifactFiles {
  readonly kind: 'file' | 'folder';
  readonly files: readonly ArtifactFile[];
  /** Real folders of the artifact, the deepest first; empty for a single file. */
  readonly folders: readonly string[];
}

/**
 * Lists the regular files of an artifact, sorted by relative path as UTF-8 bytes.
 *
 * @returns undefined when nothing is at `path`
 * @throws E_ARTIFACT for links that lead out, links to folders, devices, pipes, sockets, odd names, too many files
 */
export async function listArtifactFiles(
  path: string,
  maxFiles = MAX_ARTIFACT_FILES,
): Promise<ArtifactFiles | undefined> {
  const found = await unlessMissing(() => lstat(path));
  if (found === undefined) return undefined;
  if (found.isFile()) return { kind: 'file', files: [{ relativePath: '', path }], folders: [] };
  if (!found.isDirectory()) throw refused(path, found.isSymbolicLink());
  const root = await realpath(path);
  const files: ArtifactFile[] = [];
  const folders: string[] = [];
  for await (const entry of walk(root, '')) {
    if (entry.kind === 'folder') folders.unshift(entry.path);
    else files.push(entry);
    if (files.length > maxFiles) {
      throw storageErrors.artifactRefused(path, `it holds more than ${maxFiles} files`);
    }
  }
  return { kind: 'folder', files: sortByBytes(files), folders };
}

interface WalkEntry extends ArtifactFile {
  readonly kind: 'file' | 'folder';
}

async function* walk(root: string, relativePath: string): AsyncGenerator<WalkEntry> {
  const folder = join(root, relativePath);
  yield { kind: 'folder', relativePath, path: folder };
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    assertName(path, entry.name);
    const inside = relativePath === '' ? entry.name : `${relativePath}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, inside);
    else if (entry.isFile()) yield { kind: 'file', relativePath: inside, path };
    else if (entry.isSymbolicLink()) {
      yield { kind: 'file', relativePath: inside, path: await fileBehindLink(root, path) };
    } else throw refused(path, false);
  }
}

// A newline would make the canonical listing ambiguous; U+FFFD stands for bytes that are not UTF-8.
function assertName(path: string, name: string): void {
  if (/[\n\r\uFFFD]/.test(name)) {
    throw storageErrors.artifactRefused(path, 'the name holds a line break or is not UTF-8');
  }
}

async function fileBehindLink(root: string, path: string): Promise<string> {
  const target = await unlessMissing(() => realpath(path));
  if (target === undefined || !target.startsWith(root + sep)) throw refused(path, true);
  if (!(await stat(target)).isFile()) throw refused(path, true);
  return target;
}

function refused(path: string, isLink: boolean): Error {
  return storageErrors.artifactRefused(
    path,
    isLink
      ? 'it is a symbolic link that does not point to a file inside the same artifact'
      : 'it is a device, pipe or socket',
  );
}

function sortByBytes(files: readonly ArtifactFile[]): readonly ArtifactFile[] {
  return files
    .map((file) => ({ file, bytes: Buffer.from(file.relativePath) }))
    .sort((left, right) => Buffer.compare(left.bytes, right.bytes))
    .map(({ file }) => file);
}
