#!/usr/bin/env node
// Makes a source checkout runnable: Node packages by the lockfile, then the build. Plain Node, no packages.
// (The Python environment is made by the program itself, when a command first needs it.)
//
// U1. Nothing to do: nothing is printed or started.
// U2. Concurrent calls: one works, the others wait for it and find nothing left to do.

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuildCurrent } from './lib/build.mjs';
import { areModulesCurrent, installModules } from './lib/node-modules.mjs';
import { acquireLock } from './lib/process-lock.mjs';
import { SetupError } from './lib/run-step.mjs';

/** Folder of the project. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const MINIMUM_NODE = [20, 3];
const WAIT_MS = 15 * 60_000;
const EXIT_ENVIRONMENT = 4;

/**
 * Installs and builds what is missing.
 *
 * @throws {SetupError} when Node is too old, or a step fails
 */
export async function setUp() {
  checkNodeVersion();
  if (isReady()) return; // U1
  const release = await acquireLock(path.join(ROOT, 'dist', '.anneal-setup.lock'), {
    waitMs: WAIT_MS,
    onWait: (holder) =>
      process.stderr.write(`Waiting for the set-up that process ${holder?.pid} is doing…\n`),
  });
  if (release === undefined)
    throw new SetupError('Another set-up has been going on for 15 minutes.');
  try {
    if (!areModulesCurrent(ROOT)) await installModules(ROOT); // U2: asked again under the lock
    if (!isBuildCurrent(ROOT)) await build(ROOT);
  } finally {
    release();
  }
}

/** Runs a program's main part; a set-up that cannot go on ends it with a message instead of a stack. */
export async function runOrExplain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError) && error.name !== 'AnnealError') throw error;
    process.stderr.write(
      `\nSet-up failed: ${[error.message, error.hint].filter(Boolean).join('\n')}\n`,
    );
    process.exitCode = EXIT_ENVIRONMENT;
  }
}

function isReady() {
  return areModulesCurrent(ROOT) && isBuildCurrent(ROOT);
}

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new SetupError(
    `Anneal needs Node ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).`,
  );
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await runOrExplain(setUp);
