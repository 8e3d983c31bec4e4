// The user that a container runs as, and how it gets at its files.
//
// U1. A container never runs as root of this machine.
// U2. A worker that is not root gives its own ids: what the task writes is the worker's from the start.
// U3. A worker that is root gives ids that own nothing else, and hands over only folders it made for this task.
//     Links are never followed: neither when files are handed over nor when they are taken back.

import { chown, constants, copyFile, lchown, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DaemonFacts } from './daemon.js';

export interface TaskUser {
  /** Ids on this machine. */
  readonly uid: number;
  readonly gid: number;
  /** The container's `User`. */
  readonly inContainer: string;
  /** The container's `UsernsMode`: ids inside are to be those of this machine. */
  readonly usernsMode?: string;
  /** Files of the worker must be handed over. */
  readonly isOther: boolean;
}

/** nobody:nogroup of Debian; the ids of "the overflow user", which own no file. */
const NOBODY = 65_534;

/** Chooses the user (U1, U2, U3). */
export function taskUser(
  facts: Pick<DaemonFacts, 'isRootless' | 'remapsUsers'>,
  worker: { readonly uid: number; readonly gid: number } = ownIds(),
): TaskUser {
  const { uid, gid } = worker.uid === 0 ? { uid: NOBODY, gid: NOBODY } : worker;
  const ids = { uid, gid, isOther: uid !== worker.uid };
  // Root of a rootless daemon's container is the daemon's user, with no right beyond it.
  if (facts.isRootless && !ids.isOther) return { ...ids, inContainer: '0:0' };
  const usernsMode = facts.remapsUsers ? 'host' : undefined;
  return { ...ids, inContainer: `${uid}:${gid}`, usernsMode };
}

/** Makes a folder that the task may write to. */
export async function makeTaskFolder(folder: string, user: TaskUser): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user.isOther) await chown(folder, user.uid, user.gid);
}

/** Whether the task can read a file or folder as it is. */
export async function canRead(place: string, user: TaskUser): Promise<boolean> {
  if (!user.isOther) return true;
  const { mode } = await stat(place);
  const isFolder = (mode & constants.S_IFMT) === constants.S_IFDIR;
  const needed = isFolder ? 0o005 : 0o004;
  if ((mode & needed) !== needed) return false;
  if (!isFolder) return true;
  for (const name of await readdir(place)) {
    if (!(await canRead(path.join(place, name), user))) return false;
  }
  return true;
}

/** Copies a file or folder for the task alone; where the file system can, without using space. */
export async function copyFor(user: TaskUser, source: string, target: string): Promise<void> {
  const found = await stat(source);
  if (found.isDirectory()) {
    await mkdir(target, { recursive: true, mode: 0o700 });
    for (const name of await readdir(source)) {
      await copyFor(user, path.join(source, name), path.join(target, name));
    }
  } else {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
  await chown(target, user.uid, user.gid);
}

/** Gives what the task wrote to the worker (U3); its container must be gone. */
export async function takeBack(folder: string, user: TaskUser): Promise<void> {
  if (!user.isOther) return;
  const { uid, gid } = ownIds();
  await lchown(folder, uid, gid);
  if (!(await lstat(folder)).isDirectory()) return;
  for (const name of await readdir(folder)) await takeBack(path.join(folder, name), user);
}

function ownIds(): { uid: number; gid: number } {
  return { uid: process.getuid?.() ?? NOBODY, gid: process.getgid?.() ?? NOBODY };
}
