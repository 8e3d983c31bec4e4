// Local folders in which attempts write before their outputs go to a bucket.
//
// F1. A folder follows from the attempt's key alone: a worker that was started anew finds the process, lease and
//     outputs of the attempt there.
// F2. What was forgotten is removed once nothing in it was touched for a week. A running task's worker renews its
//     lease file, and a task writes its log: what is in use is never that old.

import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guarded, unlessMissing } from '../local/guarded.js';
import { removeTree } from '../local/remove-tree.js';

const FORGOTTEN_MS = 7 * 24 * 60 * 60 * 1000;
const SWEEP_EVERY_MS = 24 * 60 * 60 * 1000;

export class StagingFolders {
  constructor(
    private readonly folder: string,
    private readonly now: () => number,
  ) {}

  /** Same file system as the folders; for files that are renamed into them. */
  get temporaryFolder(): string {
    return join(this.folder, '.tmp');
  }

  pathOf(key: string): string {
    return join(this.folder, createHash('sha256').update(key).digest('hex').slice(0, 32));
  }

  /** Makes the folder of an attempt, or finds it again (F1). */
  async open(key: string): Promise<string> {
    const path = this.pathOf(key);
    await guarded('make', path, async () => {
      await mkdir(this.temporaryFolder, { recursive: true, mode: 0o700 });
      await mkdir(path, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.key`, key, { mode: 0o600 }); // for people who look here
    });
    return path;
  }

  /** The path of a file that an attempt has staged on this machine; undefined when there is none. */
  async find(key: string): Promise<string | undefined> {
    const segments = key.split('/');
    for (let length = segments.length - 1; length > 0; length -= 1) {
      const folder = this.pathOf(segments.slice(0, length).join('/'));
      const path = join(folder, ...segments.slice(length));
      const found = await unlessMissing(() => lstat(path));
      if (found?.isFile() === true) return path;
    }
    return undefined;
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await guarded('remove', path, async () => {
      await removeTree(path);
      await rm(`${path}.key`, { force: true });
    });
  }

  /** Removes forgotten folders (F2), at most once a day. */
  async sweep(): Promise<void> {
    const mark = join(this.folder, '.swept');
    const last = await unlessMissing(() => stat(mark));
    const now = this.now();
    if (last !== undefined && now - last.mtimeMs < SWEEP_EVERY_MS) return;
    const names = (await unlessMissing(() => readdir(this.folder))) ?? [];
    if (names.length === 0) return;
    await writeFile(mark, '', { mode: 0o600 });
    await utimes(mark, now / 1000, now / 1000);
    for (const name of names.filter((each) => /^[0-9a-f]{32}$/.test(each))) {
      const path = join(this.folder, name);
      if (now - (await lastTouch(path)) < FORGOTTEN_MS) continue;
      await removeTree(path);
      await rm(`${path}.key`, { force: true });
    }
  }
}

/** The newest time of anything in a folder, milliseconds since the epoch. */
async function lastTouch(path: string): Promise<number> {
  const found = await unlessMissing(() => lstat(path));
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = (await unlessMissing(() => readdir(path))) ?? [];
  let newest = found.mtimeMs;
  for (const name of names) newest = Math.max(newest, await lastTouch(join(path, name)));
  return newest;
}
