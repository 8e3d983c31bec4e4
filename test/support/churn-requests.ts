import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The churn data of the examples. */
export const CHURN_DATA = path.join(import.meta.dirname, '../../examples/churn/mlc_churn.csv');

/** Rows of the churn data as CSV with a header line, in which everybody talks three times as long by day. */
export function driftedRows(count: number): string {
  const [header, ...rows] = churnLines();
  const position = header!.split(',').indexOf('total_day_minutes');
  const drifted = rows.slice(0, count).map((row) =>
    row
      .split(',')
      .map((cell, index) => (index === position ? String(Number(cell) * 3) : cell))
      .join(','),
  );
  return [header, ...drifted].join('\n');
}

/** Rows of the churn data as they are, as CSV with a header line. */
export function knownRows(count: number): string {
  return churnLines()
    .slice(0, count + 1)
    .join('\n');
}

function churnLines(): string[] {
  return readFileSync(CHURN_DATA, 'utf8').trim().split('\n');
}
