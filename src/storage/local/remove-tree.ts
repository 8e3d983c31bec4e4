import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './guarded.js';

/** Removes a file or a folder with all it holds, also where a task took its own write permission away. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    await makeFoldersWritable(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function makeFoldersWritable(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) {
    await makeFoldersWritable(join(folder, name));
  }
}
