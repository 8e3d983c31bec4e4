import type { CorpusEntry } from './corpus.js';
import type { Judgement } from './judge.js';

export interface ScoreRow extends Judgement {
  readonly entry: CorpusEntry;
  readonly seconds: number;
}

const REASON_WIDTH = 150;

/** One line of the table. */
export function scoreLine({ entry, verdict, expected, got, seconds, reason }: ScoreRow): string {
  const said = got === expected && verdict === 'passed' ? got : `${expected}, got ${got}`;
  const shown = reason.replace(/\s+/gu, ' ').slice(0, REASON_WIDTH);
  return [
    verdict.padEnd(7),
    `${seconds.toFixed(1)} s`.padStart(7),
    entry.path.padEnd(76),
    said.padEnd(24),
    shown,
  ]
    .join('  ')
    .trimEnd();
}

/** The table's last line: passed / runnable / total. */
export function scoreSum(rows: readonly ScoreRow[]): string {
  const count = (verdict: ScoreRow['verdict']): number =>
    rows.filter((row) => row.verdict === verdict).length;
  const runnable = rows.length - count('not run');
  return `conformance: ${count('passed')} passed / ${runnable} runnable / ${rows.length} total`;
}
