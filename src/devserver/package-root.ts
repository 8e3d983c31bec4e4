import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of Anneal's own package, seen from the sources as well as from `dist`. */
export const PACKAGE_ROOT = findPackageRoot(path.dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(folder: string): string {
  return existsSync(path.join(folder, 'package.json'))
    ? folder
    : findPackageRoot(path.dirname(folder));
}
