import { cp, lstat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { deployErrors } from '../../errors/index.js';

/**
 * Copies a model's bytes into a folder of the endpoint: the artifact store may drop its own later.
 *
 * @returns the copy's name within `folder`
 * @throws E_ARTIFACT when there is nothing, or something other than plain files and folders
 */
export async function copyModel(modelPath: string, folder: string): Promise<string> {
  const source = resolve(modelPath);
  const name = basename(source);
  await assertPresent(source);
  await cp(source, join(folder, name), {
    recursive: true,
    errorOnExist: true,
    force: false,
    filter: assertPlain,
  });
  return name;
}

/** @throws E_ARTIFACT when no file or folder is there */
export async function assertPresent(modelPath: string): Promise<void> {
  const found = await lstat(modelPath).catch(() => undefined);
  if (found === undefined) {
    throw deployErrors.modelDamaged('its files are missing', { modelPath });
  }
}

async function assertPlain(path: string): Promise<boolean> {
  const found = await lstat(path);
  if (found.isFile() || found.isDirectory()) return true;
  throw deployErrors.modelDamaged(`${basename(path)} is neither a file nor a folder`, { path });
}
