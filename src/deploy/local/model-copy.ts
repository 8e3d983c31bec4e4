import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { listModelFiles } from '../model-files.js';

/**
 * Copies a model's bytes into a folder of the endpoint: the artifact store may drop its own later.
 *
 * @returns the copy's name within `folder`
 * @throws E_ARTIFACT when there is nothing, or anything but files and folders
 */
export async function copyModel(modelPath: string, folder: string): Promise<string> {
  const source = resolve(modelPath);
  const name = basename(source);
  for (const { path, relativePath } of (await listModelFiles(source)).files) {
    const target = join(folder, name, relativePath);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    // Where the file system can, the copy shares its blocks with the original until one changes.
    await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
  return name;
}
