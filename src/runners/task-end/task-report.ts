// What a task said about its own failure, through the file at ANNEAL_ERROR_FILE.
//
// R1. The file is the task's: it is opened without following a link, read up to a limit, and taken as data.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ReportedError } from '../../errors/task.js';

const MAX_REPORT_BYTES = 64 * 1024;
const REPORTED_CODES = new Set([
  ...['E_DATA', 'E_LEAK', 'E_METRIC', 'E_PARAM'],
  ...['E_INPUT_NOT_FOUND', 'E_DIGEST', 'E_MODEL_FORMAT'],
]);

/** Reads a task's report; undefined when it left none that can be understood. */
export async function readReport(file: string): Promise<ReportedError | undefined> {
  const text = await readPlainFile(file).catch(() => undefined);
  return text === undefined ? undefined : parseReport(text);
}

/** Reads the text of a report; undefined when it is none that a task may make. */
export function parseReport(text: string): ReportedError | undefined {
  try {
    const report = JSON.parse(text) as Partial<ReportedError>;
    const isKnown = typeof report.code === 'string' && REPORTED_CODES.has(report.code);
    if (!isKnown || typeof report.message !== 'string') return undefined;
    const hint = typeof report.hint === 'string' ? report.hint : undefined;
    return { code: report.code, message: report.message, hint };
  } catch {
    return undefined;
  }
}

async function readPlainFile(file: string): Promise<string> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > MAX_REPORT_BYTES) throw new Error('it is no small file');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
