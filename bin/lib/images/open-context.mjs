// What every step of an image build needs to know, and where it may keep things.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../setup.mjs';
import { dockerArchitecture } from './docker.mjs';

/**
 * @typedef {{
 *   root: string,
 *   folder: string,
 *   architecture: 'amd64' | 'arm64',
 *   installers: () => Promise<{ uv: string | undefined, env: NodeJS.ProcessEnv }>,
 *   once: (folder: string, needs: string, fill: () => Promise<void>) => Promise<void>,
 * }} Context  `root`: the project; `folder`: what is kept between builds; `installers`: uv, and the environment that
 *   tells it this machine's package sources; `once`: fills a folder, unless an earlier build did
 */

/** Needs a built project. @returns {Promise<Context>} */
export async function openContext() {
  const load = (file) => import(new URL(`../../../dist/src/${file}`, import.meta.url).href);
  const { loadSettings } = await load('config/index.js');
  const { ensurePythonEnvironment } = await load('devserver/index.js');
  const { buildOnce } = await load('devserver/build-once.js');
  const { installerEnvironment } = await load('devserver/python/installer-environment.js');
  const settings = loadSettings(process.env, { cwd: ROOT });
  const report = (line) => process.stderr.write(`${line}\n`);
  const folder = path.join(settings.home, 'images');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    root: ROOT,
    folder,
    architecture: await dockerArchitecture(),
    installers: async () => ({
      uv: (await ensurePythonEnvironment({ settings, report })).uv,
      env: installerEnvironment(process.env),
    }),
    once: (target, needs, build) => buildOnce({ folder: target, needs, build, report }),
  };
}
