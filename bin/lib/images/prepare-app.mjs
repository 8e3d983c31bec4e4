// The worker's Node packages, installed on this machine by the lockfile: production ones only.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runStep } from '../run-step.mjs';

const MANIFESTS = ['package.json', 'package-lock.json', '.npmrc'];
const NPM_ARCHITECTURES = { amd64: 'x64', arm64: 'arm64' };

/**
 * Installs them, once for each lockfile.
 *
 * @param {import('./open-context.mjs').Context} context
 * @returns {Promise<string>} a folder that holds prepared/app/node_modules
 */
export async function prepareApp({ root, folder, architecture, once }) {
  const hash = createHash('sha256').update(architecture);
  for (const name of MANIFESTS) hash.update(readFileSync(path.join(root, name)));
  const target = path.join(folder, `app-${hash.digest('hex').slice(0, 12)}`);
  const app = path.join(target, 'prepared', 'app');
  await once(target, path.join('prepared', 'app', 'node_modules'), async () => {
    mkdirSync(app, { recursive: true });
    for (const name of MANIFESTS) copyFileSync(path.join(root, name), path.join(app, name));
    const platform = ['--os=linux', `--cpu=${NPM_ARCHITECTURES[architecture]}`, '--libc=glibc'];
    await runStep({
      title: "Installing the worker's Node packages (npm ci)",
      command: 'npm',
      args: ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', ...platform],
      cwd: app,
    });
  });
  return target;
}
