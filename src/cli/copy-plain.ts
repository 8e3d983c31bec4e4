import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clientErrors } from '../errors/index.js';

/**
 * Copies an artifact to a place of the user's, as files that may be changed: those of the store are read-only.
 *
 * @throws E_USAGE when the place cannot be written
 */
export async function copyPlain(source: string, target: string): Promise<void> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await copyTree(await realpath(source), target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw clientErrors.usage(
      `"${target}" cannot be written (${code ?? String(error)}).`,
      'Choose another place with --output.',
    );
  }
}

async function copyTree(source: string, target: string): Promise<void> {
  if (!(await stat(source)).isDirectory()) {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    return chmod(target, 0o666 & ~process.umask());
  }
  await mkdir(target);
  for (const name of await readdir(source)) await copyTree(join(source, name), join(target, name));
}
