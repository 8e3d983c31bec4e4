// Whether node_modules is what the lockfile asks for, and how to make it so.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runStep } from './run-step.mjs';

/** @param {string} root  the source checkout */
export function areModulesCurrent(root) {
  return readOptional(stampFile(root)) === lockDigest(root) || adoptModules(root);
}

/** Installs exactly the lockfile; install scripts of packages are not run, none is needed. */
export async function installModules(root) {
  await runStep({
    title: 'Installing Node packages (npm ci)',
    command: 'npm',
    args: ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
    cwd: root,
  });
  writeFileSync(stampFile(root), lockDigest(root));
}

/**
 * Accepts what the user's own `npm install` or `npm ci` made of the same lockfile.
 * npm's hidden lockfile tells that one came to its end, but not what is there: `--package-lock-only` writes it too.
 */
function adoptModules(root) {
  if (!existsSync(path.join(root, 'node_modules', '.package-lock.json'))) return false;
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const isInstalled = ([folder, { version, link, optional }]) => {
    const manifest = readOptional(path.join(root, folder, 'package.json'));
    if (manifest === undefined) return optional === true;
    return folder === '' || link === true || JSON.parse(manifest).version === version;
  };
  if (!Object.entries(packages).every(isInstalled)) return false;
  writeFileSync(stampFile(root), lockDigest(root));
  return true;
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.anneal-setup');
}

function lockDigest(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

function readOptional(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
