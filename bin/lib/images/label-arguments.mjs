// What the labels of an image say of its origin.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findImage } from './docker.mjs';

const execute = promisify(execFile);

/**
 * @param {string} root  the project
 * @param {string | undefined} base  reference of the base image, when it was made here
 * @returns {Promise<Record<string, string>>} build arguments; the date is the commit's, so that equal sources are
 *   labelled equally
 */
export async function labelArguments(root, base) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const commit = await git(root, 'log', '-1', '--format=%H %cI');
  const changes = await git(root, 'status', '--porcelain', '--untracked-files=no');
  const [revision, created] = commit?.split(' ') ?? [];
  return {
    VERSION: version,
    ...(revision !== undefined && { REVISION: changes === '' ? revision : `${revision}-changed` }),
    ...(created !== undefined && { CREATED: created }),
    ...(base !== undefined && { BASE_DIGEST: (await findImage(base)).id }),
  };
}

/** Undefined where there is no git, or no repository. */
async function git(root, ...args) {
  try {
    return (await execute('git', args, { cwd: root })).stdout.trim();
  } catch {
    return undefined;
  }
}
