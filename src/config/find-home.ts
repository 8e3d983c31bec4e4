import { statSync } from 'node:fs';
import path from 'node:path';

/** Name of the home folder inside a project. */
export const HOME_FOLDER = '.anneal';

/**
 * Finds the home of the project that a folder belongs to.
 *
 * @param fallback  folder to make it in when there is none yet: the configuration file's
 * @returns the nearest `.anneal` of the folder and its parents, else the one to be made
 */
export function findHome(folder: string, fallback = folder): string {
  for (let current = folder; ; current = path.dirname(current)) {
    const candidate = path.join(current, HOME_FOLDER);
    if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) return candidate;
    if (current === path.dirname(current)) return path.join(fallback, HOME_FOLDER);
  }
}
