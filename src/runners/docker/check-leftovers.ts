// What a container left behind is data of a stranger: it is looked at before anything else reads it.
//
// L1. Nothing in it leads out of its folder: a link to this machine's files would have the worker read them.
// L2. Nothing in it waits for a reader or is a device.
// L3. Links that name the folder as the container saw it are made to name it as it is here.

import { lstat, readdir, readlink, realpath, rm, symlink, chmod } from 'node:fs/promises';
import path from 'node:path';
import { leftoverRefused } from '../../errors/container.js';

/**
 * Checks a folder that a container wrote to; its container must be gone.
 *
 * @param seenFolder  the folder's path inside the container
 * @throws E_TASK_OUTPUT
 */
export async function checkLeftovers(folder: string, seenFolder: string): Promise<void> {
  const root = await realpath(folder);
  for await (const place of entriesBelow(root)) await checkLink(place, root, seenFolder);
}

async function* entriesBelow(folder: string): AsyncGenerator<string> {
  await chmod(folder, 0o700); // a task may have closed it to itself
  for (const name of await readdir(folder)) {
    const place = path.join(folder, name);
    const found = await lstat(place);
    if (found.isDirectory()) yield* entriesBelow(place);
    else if (found.isSymbolicLink()) yield place;
    else if (!found.isFile()) throw leftoverRefused(name, 'it is a device, a pipe or a socket'); // L2
  }
}

async function checkLink(place: string, root: string, seenFolder: string): Promise<void> {
  const shown = path.relative(root, place);
  const target = await readlink(place);
  const own = path.posix.relative(seenFolder, target);
  if (path.isAbsolute(target) && isWithin(own)) {
    await rm(place);
    await symlink(path.relative(path.dirname(place), path.join(root, own)) || '.', place); // L3
  }
  const found = await realpath(place).catch(() => undefined);
  if (found === undefined) return rm(place); // a link to nothing, which might come to be
  if (found !== root && !found.startsWith(root + path.sep)) {
    throw leftoverRefused(shown, `it is a link to ${target}`); // L1
  }
}

function isWithin(relative: string): boolean {
  return relative !== '..' && !relative.startsWith('../');
}
