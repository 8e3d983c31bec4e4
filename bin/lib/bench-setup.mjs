// Set-up in a fresh clone, up to the first answer of a command that needs the server.
//
// P1. Package caches are the bench's own: nothing that this user has downloaded before helps.

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../setup.mjs';
import { timed } from './stopwatch.mjs';

const execute = promisify(execFile);

/**
 * @param {string} folder  an empty one
 * @returns {Promise<[what: string, seconds: number, remark?: string][]>}
 */
export async function benchSetup(folder) {
  const caches = path.join(folder, 'caches');
  mkdirSync(caches);
  const cold = await clone(folder, 'cold');
  const first = await timed(() => listRuns(cold, caches));
  const warm = await clone(folder, 'warm');
  const second = await timed(() => listRuns(warm, caches));
  const again = await timed(() => listRuns(warm, caches));
  return [
    ['Set-up of a fresh clone, package caches empty', first.seconds, 'to the first answer'],
    ['Set-up of a fresh clone, package caches filled', second.seconds, 'to the first answer'],
    ['The same command again', again.seconds, 'starts and stops the server'],
  ];
}

async function clone(folder, name) {
  const target = path.join(folder, name);
  await execute('git', ['clone', '--quiet', ROOT, target]);
  return target;
}

function listRuns(project, caches) {
  return execute(process.execPath, ['bin/anneal.mjs', 'runs'], {
    cwd: project,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ANNEAL_HOME: path.join(project, '.anneal'),
      npm_config_cache: path.join(caches, 'npm'),
      PIP_CACHE_DIR: path.join(caches, 'pip'),
      UV_CACHE_DIR: path.join(caches, 'uv'),
    },
  });
}
