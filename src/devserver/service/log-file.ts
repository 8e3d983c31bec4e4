import { closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

// Enough for a day of a chatty worker; one older file is kept beside it.
const MAX_BYTES = 10 * 1024 * 1024;

/** Opens a log for appending, private to the user; a long one is put aside first. */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** Size of a log, as the place where the next lines will start. */
export function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines written to a log since a place in it, at most 4 KiB. */
export function readLogTail(file: string, from: number): string {
  const size = logSize(file);
  const start = Math.max(from > size ? 0 : from, size - 4096);
  if (size <= start) return '';
  const buffer = Buffer.alloc(size - start);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, start);
  } finally {
    closeSync(descriptor);
  }
  return buffer.toString('utf8').trim();
}
