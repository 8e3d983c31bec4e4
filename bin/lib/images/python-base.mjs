// Debian with Python: what the public image of Python is made of, from Debian's packages.
//
// B1. No program in it is setuid or setgid: nobody gains rights in a container.

import { rmSync } from 'node:fs';
import path from 'node:path';
import { runStep, SetupError } from '../run-step.mjs';
import { docker } from './docker.mjs';

/** Debian 12, whose Python is the 3.11 that the Dockerfiles name. */
const SUITE = 'bookworm';
const PACKAGES = [
  'usr-is-merged', // else usrmerge comes, with all of Perl
  'ca-certificates',
  'libstdc++6',
  'netbase',
  'python3',
  'python3-venv',
  'tini',
  'tzdata',
];
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/locale/*', '/usr/share/man/*'];
const REMEDY =
  'mmdebstrap is a Debian package: apt-get install mmdebstrap. Where there is none, build on the public images of ' +
  'Python and Node: npm run images -- --from-registry';

/**
 * Makes the image.
 *
 * @param {{ folder: string, architecture: 'amd64' | 'arm64' }} context  `folder`: for its file system, removed after
 * @param {string} reference
 */
export async function makePythonBase({ folder, architecture }, reference) {
  const tar = path.join(folder, `base-python-${process.pid}.tar`);
  try {
    await runStep({
      title: 'Making a base image of Debian packages',
      command: 'mmdebstrap',
      args: [...options(architecture), SUITE, tar],
      cwd: folder,
      env: { ...process.env, SOURCE_DATE_EPOCH: '0' }, // equal packages make equal bytes
    });
    await docker('import', tar, reference);
  } catch (error) {
    throw new SetupError(`${error.message}\n${REMEDY}`);
  } finally {
    rmSync(tar, { force: true });
  }
}

function options(architecture) {
  return [
    '--quiet',
    '--variant=essential',
    `--architectures=${architecture}`,
    '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
    `--include=${PACKAGES.join(',')}`,
    ...LEFT_OUT.map((files) => `--dpkgopt=path-exclude=${files}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    '--customize-hook=find "$1" -xdev -perm /6000 -type f -exec chmod a-s {} +', // B1
  ];
}
