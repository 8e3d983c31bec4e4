import { access, constants } from 'node:fs/promises';
import path from 'node:path';

/** Finds a program as exec does: by its path, or in the folders of PATH; undefined when it is not there. */
export async function findOnPath(program: string, folders: string): Promise<string | undefined> {
  const candidates = program.includes('/')
    ? [program]
    : folders
        .split(path.delimiter)
        .filter(Boolean)
        .map((folder) => path.join(folder, program));
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}
