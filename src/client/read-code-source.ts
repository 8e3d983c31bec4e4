// The git commit that a file belongs to.
//
// G1. What cannot be told is not claimed: without git, a work tree or a commit there is no source, and no error.
// G2. git only reads: no lock, no index is written, no program of the work tree's settings is started to watch files.
//     Variables that point git at another work tree, as its hooks have them, are not passed on.
// G3. Credentials in the address of a remote stay where they are.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CodeSource } from '../contract/index.js';
import { passedVariables } from '../util/index.js';

const run = promisify(execFile);

// A start of a run waits for it; `git status` of a tree with a million files takes some seconds.
const PATIENCE_MS = 10_000;
// Of `git status`: a tree with more changes than this is dirty all the same, but its source is not told (G1).
const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;
const QUIETLY = ['--no-optional-locks', '-c', 'core.fsmonitor=false'] as const; // G2

/**
 * Reads which commit a file belongs to, and whether the work tree still is that commit.
 *
 * @param file  absolute path
 * @param environment  PATH and HOME are git's
 * @returns undefined when there is no answer (G1)
 */
export async function readCodeSource(
  file: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<CodeSource | undefined> {
  const git = gitIn(path.dirname(file), environment);
  const name = path.basename(file);
  const place = await git('rev-parse', '--is-inside-work-tree', '--show-prefix', 'HEAD');
  const [isInside, prefix, commit] = place?.split('\n') ?? [];
  if (isInside !== 'true' || prefix === undefined || commit === undefined) return undefined;
  const [changes, committed, remote] = await Promise.all([
    git('status', '--porcelain', '--untracked-files=no'),
    git('cat-file', '-t', `HEAD:./${name}`),
    git('config', '--get', 'remote.origin.url'),
  ]);
  if (changes === undefined) return undefined;
  const repository = remote === undefined ? undefined : withoutCredentials(remote.trim());
  return {
    commit,
    dirty: changes !== '' || committed === undefined,
    path: `${prefix}${name}`,
    ...(repository === undefined ? {} : { repository }),
  };
}

/** Runs git in a folder. @returns what it printed; undefined when it failed or is not there */
function gitIn(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): (...args: string[]) => Promise<string | undefined> {
  const options = {
    cwd: folder,
    env: passedVariables(environment),
    timeout: PATIENCE_MS,
    maxBuffer: MOST_OUTPUT_BYTES,
  };
  return (...args) =>
    run('git', [...QUIETLY, ...args], options).then(
      ({ stdout }) => stdout,
      () => undefined,
    );
}

/** Takes name and password out of an address (G3); one that is no URL, as `git@host:path`, holds no password. */
function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
