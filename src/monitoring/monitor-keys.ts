// Where a monitor keeps what it found.
//
//   monitors/<endpoint>/reports/<hash of the check>.json     a comparison, feature by feature
//   monitors/<endpoint>/rounds/<start>-<check>[-end].json    a check, and the end of its retraining

import { safeSegment, sha256Of } from '../storage/index.js';

const CHECK_DIGITS = 8;

export function monitorFolder(endpoint: string): string {
  return `monitors/${safeSegment(endpoint)}`;
}

export function driftReportKey(endpoint: string, checkId: string): string {
  const hex = sha256Of(checkId).replace('sha256:', '').slice(0, 32);
  return `${monitorFolder(endpoint)}/reports/${hex}.json`;
}

export function roundsFolder(endpoint: string): string {
  return `${monitorFolder(endpoint)}/rounds`;
}

/** Keys sort as the checks came, the end of a retraining after its begin. */
export function roundKey(
  endpoint: string,
  startedAt: string,
  { check, hasEnded }: { readonly check: number; readonly hasEnded: boolean },
): string {
  const start = startedAt.replaceAll(/\D/g, '');
  const number = String(check).padStart(CHECK_DIGITS, '0');
  return `${roundsFolder(endpoint)}/${start}-${number}${hasEnded ? '-end' : ''}.json`;
}
