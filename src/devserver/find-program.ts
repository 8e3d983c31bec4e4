import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Finds a program in the folders of PATH, as a shell would. */
export function findProgram(
  name: string,
  searchPath = process.env['PATH'] ?? '',
): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find(isProgram);
}

/** Whether a path is a file that this user may run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
