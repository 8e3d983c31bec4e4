// Whether node_modules is what the lockfile asks for, and how to make it so.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
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

/** Accepts what the user's own `npm install` or `npm ci` made of the same lockfile. */
function adoptModules(root) {
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return false;
  const isInstalled = ([folder, { version, optional }]) =>
    folder === '' ||
    (installed[folder] ? installed[folder].version === version : optional === true);
  if (!Object.entries(wanted).every(isInstalled)) return false;
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

function readPackages(file) {
  const text = readOptional(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

function readOptional(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
