// The Python packages of the images, fetched on this machine: its package sources, proxies and certificates apply, and
// none of them gets near an image.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runStep, SetupError } from '../run-step.mjs';

const MACHINES = { amd64: 'x86_64', arm64: 'aarch64' };

/**
 * Fetches the packages of one lock, once.
 *
 * @param {import('./open-context.mjs').Context} context
 * @param {'base' | 'transfer'} lock  name of a lock in python-tasks/locks
 * @returns {Promise<string>} a folder that holds prepared/<lock>-packages/packages
 */
export async function preparePackages({ root, folder, architecture, installers, once }, lock) {
  const file = path.join(root, 'python-tasks', 'locks', `${lock}.txt`);
  const script = path.join(root, 'python-tasks', 'image', 'fetch-packages.sh');
  const hash = createHash('sha256').update(architecture);
  for (const source of [file, script]) hash.update(readFileSync(source));
  const target = path.join(folder, `${lock}-packages-${hash.digest('hex').slice(0, 12)}`);
  const packages = path.join('prepared', `${lock}-packages`, 'packages');
  await once(target, packages, async () => {
    const { uv, env } = await installers();
    if (uv === undefined) throw new SetupError('uv could not be installed; see "anneal doctor".');
    await runStep({
      title: `Fetching the Python packages of ${lock}.txt`,
      command: 'sh',
      args: [script, path.join(target, packages), MACHINES[architecture], file],
      cwd: folder,
      env: { ...env, UV: uv },
    });
  });
  return target;
}
