import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** `sha256:<hex>` of the Python sources and data below a folder, by sorted path; caches left out. */
export async function tasksDigest(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(py|json)$/.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.path, entry.name)))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = await readFile(path.join(folder, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}
