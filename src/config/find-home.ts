import { statSync } from 'node:fs';
import path from 'node:path';

/** Name of the home folder inside a project. */
export const HOME_FOLDER = '.anneal';

/**
 * Finds the home of the project that a folder belongs to.
 *
 * @returns the nearest `.anneal` of the folder and its parents, else the one to be made in the folder
 */
export function findHome(folder: string): string {
  for (let current = folder; ; current = path.dirname(current)) {
    const candidate = path.join(current, HOME_FOLDER);
    if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) return candidate;
    if (current === path.dirname(current)) return path.join(folder, HOME_FOLDER);
  }
}
