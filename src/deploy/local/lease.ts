// At most one live supervisor per endpoint, whatever crashes.
//
// K1. Leases are numbered files; the highest number decides who holds it.
// K2. A lease is taken by creating the next number exclusively, and only over a holder that is
//     dead or has given it back. Of any number of claimants exactly one creates that file.
// K3. The highest file is never removed, only those below it: a claimant with an old view either
//     fails to create its number, or sees a higher one afterwards and takes its own back.

import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from './process-identity.js';

export interface Lease {
  /** Counts up with every holder: later holders have greater numbers. */
  readonly generation: number;
  /** False once the lease's file is gone or a later one exists. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

interface LeaseFile {
  readonly holder: ProcessIdentity;
  readonly released?: boolean;
}

/**
 * Takes the lease for this process.
 *
 * @returns undefined when a live process holds it
 */
export async function claimLease(folder: string): Promise<Lease | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const holder = await identifyProcess(process.pid);
  if (holder === undefined) throw new Error('this process cannot identify itself');
  for (;;) {
    const latest = await latestGeneration(folder);
    if ((await readHolder(folder, latest)) !== undefined) return undefined;
    if (!(await createGeneration(folder, latest + 1, { holder }))) continue;
    if ((await latestGeneration(folder)) !== latest + 1) {
      await rm(leasePath(folder, latest + 1), { force: true });
      continue;
    }
    await removeBelow(folder, latest + 1);
    return heldLease(folder, latest + 1, holder);
  }
}

/** Says which live process holds the lease; undefined when none does. */
export async function findLeaseHolder(folder: string): Promise<ProcessIdentity | undefined> {
  return readHolder(folder, await latestGeneration(folder));
}

function heldLease(folder: string, generation: number, holder: ProcessIdentity): Lease {
  return {
    generation,
    isHeld: async () => (await latestGeneration(folder)) === generation,
    release: () => replaceGeneration(folder, generation, { holder, released: true }),
  };
}

async function readHolder(
  folder: string,
  generation: number,
): Promise<ProcessIdentity | undefined> {
  const text = await readFile(leasePath(folder, generation), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lease = JSON.parse(text) as LeaseFile;
  const isHeld = lease.released !== true && (await isSameProcessAlive(lease.holder));
  return isHeld ? lease.holder : undefined;
}

async function latestGeneration(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  return Math.max(0, ...names.map(generationOf));
}

/** Creates one numbered file whole; false when it exists (K2). */
async function createGeneration(folder: string, number: number, file: LeaseFile): Promise<boolean> {
  const temporary = await writeTemporary(folder, file);
  try {
    await link(temporary, leasePath(folder, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function replaceGeneration(folder: string, number: number, file: LeaseFile): Promise<void> {
  await rename(await writeTemporary(folder, file), leasePath(folder, number));
}

async function writeTemporary(folder: string, file: LeaseFile): Promise<string> {
  const path = join(folder, `.${randomUUID()}`);
  await writeFile(path, JSON.stringify(file), { mode: 0o600, flag: 'wx' });
  return path;
}

async function removeBelow(folder: string, generation: number): Promise<void> {
  const below = (await readdir(folder)).filter((name) => {
    const number = generationOf(name);
    return number > 0 && number < generation;
  });
  await Promise.all(below.map((name) => rm(join(folder, name), { force: true })));
}

function leasePath(folder: string, generation: number): string {
  return join(folder, `lease.${generation}`);
}

function generationOf(name: string): number {
  return Number(/^lease\.(\d+)$/.exec(name)?.[1] ?? 0);
}
