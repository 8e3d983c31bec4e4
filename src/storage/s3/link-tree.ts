import { copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactFiles } from '../local/artifact-files.js';

/** Gives an artifact's files a second name; where the file system cannot, copies them. */
export async function linkTree(tree: ArtifactFiles, target: string): Promise<void> {
  if (tree.kind === 'folder') await mkdir(target, { mode: 0o700 });
  for (const { path, relativePath } of tree.files) {
    const name = relativePath === '' ? target : join(target, ...relativePath.split('/'));
    await mkdir(dirname(name), { recursive: true, mode: 0o700 });
    await link(path, name).catch(() => copyFile(path, name));
  }
}
