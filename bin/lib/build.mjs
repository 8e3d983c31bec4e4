// Whether dist was built from the sources as they are, and how to build it.
//
// B1. A build counts only for the sources that were there before it began.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runStep } from './run-step.mjs';

const SOURCES = ['src', 'workers', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** @param {string} root  the source checkout */
export function isBuildCurrent(root) {
  const stamp = stampFile(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesFingerprint(root);
}

/** Compiles src and workers, and bundles the workflow. */
export async function build(root) {
  const fingerprint = sourcesFingerprint(root); // B1
  await runStep({
    title: 'Building',
    command: 'npm',
    args: ['run', '--silent', 'build'],
    cwd: root,
  });
  mkdirSync(path.dirname(stampFile(root)), { recursive: true });
  writeFileSync(stampFile(root), fingerprint);
}

function stampFile(root) {
  return path.join(root, 'dist', '.anneal-build');
}

/** Names, sizes and modification times: enough to see an edit, and a few milliseconds for the whole project. */
function sourcesFingerprint(root) {
  const hash = createHash('sha256');
  const add = (file) => {
    const stat = statSync(file);
    if (stat.isDirectory()) {
      for (const name of readdirSync(file).sort()) add(path.join(file, name));
    } else {
      hash.update(`${path.relative(root, file)}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  SOURCES.forEach((source) => add(path.join(root, source)));
  return hash.digest('hex');
}
