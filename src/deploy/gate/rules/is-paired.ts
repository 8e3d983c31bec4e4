import type { PairedCounts } from '../gate-facts.js';
import { isCount, isFraction } from '../numbers.js';

/** Counts that fit each other. */
export function isPaired({ rows, right, wins, losses, p_value: pValue }: PairedCounts): boolean {
  const areCounts = [rows, right, wins, losses].every(isCount);
  return areCounts && right <= rows && wins + losses <= rows && isFraction(pValue);
}
