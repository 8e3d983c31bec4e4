// What a task says about its own failure, through the file at ANNEAL_ERROR_FILE.

import type { ReportedError } from '../errors/task.js';

export const MAX_REPORT_BYTES = 64 * 1024;
const REPORTED_CODES = new Set([
  ...['E_DATA', 'E_LEAK', 'E_METRIC', 'E_PARAM'],
  ...['E_INPUT_NOT_FOUND', 'E_DIGEST', 'E_MODEL_FORMAT'],
]);

/** Reads a task's report; undefined when it is none that a task may make. */
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
