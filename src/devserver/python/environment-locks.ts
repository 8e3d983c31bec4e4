// The pinned, hashed package lists that environments are built from.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** `base`: tasks, serving and the Temporal CLI; `dev`: the KFP compiler and what the tests need on top. */
export type EnvironmentKind = 'base' | 'dev';

export interface EnvironmentLocks {
  /** Folder put on the environment's import path: the project's Python package. */
  readonly tasksFolder: string;
  /** Lock of the installer itself. */
  readonly uv: string;
  /** Locks to install, together. */
  readonly packages: readonly string[];
  /** SHA-256, hex, over the locks' text and the platform. */
  readonly digest: string;
}

/** Reads the locks of a kind of environment below the folder of the Python package. */
export function readEnvironmentLocks(tasksFolder: string, kind: EnvironmentKind): EnvironmentLocks {
  const lockFile = (name: string): string => path.join(tasksFolder, 'locks', `${name}.txt`);
  const packages = kind === 'base' ? [lockFile('base')] : [lockFile('base'), lockFile('dev')];
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\0`);
  for (const file of [lockFile('uv'), ...packages]) hash.update(readFileSync(file)).update('\0');
  return { tasksFolder, uv: lockFile('uv'), packages, digest: hash.digest('hex') };
}
