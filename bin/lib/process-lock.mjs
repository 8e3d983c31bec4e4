// A lock between processes: a file that names its holder. Plain Node, since set-up runs before the build.
//
// K1. At most one live process holds the lock. The file appears whole, by link(2), which fails when it exists.
// K2. A dead holder's lock is taken over only while holding `<file>.takeover`, a lock of the same kind:
//     two processes that both see a dead holder cannot both replace it, and a death in the middle is healed likewise.

import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isSameProcessAlive } from './process-identity.mjs';

const RETRY_MS = 50;

/**
 * Takes the lock.
 *
 * @param {string} file  the lock; its folder is made
 * @param {{ waitMs?: number, onWait?: (holder: { pid: number } | undefined) => void }} [options]
 *   how long to wait for a live holder (default: not at all), and who is told once that there is a wait
 * @returns {Promise<(() => void) | undefined>} gives it back when called; undefined when it is held
 */
export async function acquireLock(file, { waitMs = 0, onWait } = {}) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const deadline = Date.now() + waitMs;
  for (let isFirst = true; ; isFirst = false) {
    const release = tryLock(file);
    if (release !== undefined) return release;
    if (Date.now() >= deadline) return undefined;
    if (isFirst) onWait?.(readLockHolder(file));
    await delay(RETRY_MS);
  }
}

/**
 * Tells which live process holds the lock.
 *
 * @param {string} file
 * @returns {{ pid: number, startedAt: string } | undefined}
 */
export function readLockHolder(file) {
  const text = readIfPresent(file);
  return text === undefined ? undefined : liveHolder(text);
}

function tryLock(file) {
  const claim = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(claim, JSON.stringify(identifyProcess(process.pid)), { flag: 'wx', mode: 0o600 });
  try {
    const isTaken = linkIfAbsent(claim, file) || takeOver(claim, file);
    return isTaken ? () => rmSync(file, { force: true }) : undefined;
  } finally {
    rmSync(claim, { force: true });
  }
}

function linkIfAbsent(claim, file) {
  try {
    linkSync(claim, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** K2: replaces the lock of a dead holder. */
function takeOver(claim, file) {
  if (!isHeldByDead(file)) return false;
  const releaseTakeover = tryLock(`${file}.takeover`);
  if (releaseTakeover === undefined) return false;
  try {
    if (!isHeldByDead(file)) return false;
    renameSync(claim, file);
    return true;
  } finally {
    releaseTakeover();
  }
}

/** An absent file is free, not held by a dead process: only link(2) may take it. */
function isHeldByDead(file) {
  const text = readIfPresent(file);
  return text !== undefined && liveHolder(text) === undefined;
}

function readIfPresent(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

// A file cut short by a power failure names nobody, so nobody alive.
function liveHolder(text) {
  try {
    const identity = JSON.parse(text);
    return isSameProcessAlive(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
}
