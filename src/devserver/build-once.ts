// Folders that are expensive to fill: filled once, shared by all commands.
//
// B1. A folder counts only when its stamp is there: the stamp is written last. A half-filled one is removed.
// B2. One process fills it; the others wait, then use it.

import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { acquireLock } from '#process-lock';
import { configErrors } from '../errors/index.js';
import type { Report } from './report.js';

export interface BuildOnceRequest {
  readonly folder: string;
  /** A path below the folder without which it is of no use, such as a program; a dangling link counts as absent. */
  readonly needs: string;
  /** Fills the folder, which does not exist. */
  readonly build: () => Promise<void>;
  readonly report: Report;
}

const STAMP = '.anneal-ready';
// The slowest measured build, pip without uv on a slow line, stays well below it.
const WAIT_MS = 20 * 60_000;

/** Fills the folder unless it is filled. */
export async function buildOnce({ folder, needs, build, report }: BuildOnceRequest): Promise<void> {
  const stamp = path.join(folder, STAMP);
  const isReady = (): boolean => existsSync(stamp) && existsSync(path.join(folder, needs));
  if (isReady()) return;
  const onWait = (): void => report('Waiting for another command that is setting up the same…');
  const release = await acquireLock(`${folder}.lock`, { waitMs: WAIT_MS, onWait });
  if (release === undefined) throw configErrors.buildStuck(folder, `${folder}.lock`);
  try {
    if (isReady()) return; // B2
    await rm(folder, { recursive: true, force: true }); // B1
    await mkdir(path.dirname(folder), { recursive: true, mode: 0o700 });
    await build();
    await writeFile(stamp, '');
  } finally {
    release();
  }
}
