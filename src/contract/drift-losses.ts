import type { DriftFinding } from './monitor.js';

/** What a comparison could not take in, in words; empty when it took in all. */
export function lossesOf({
  unreadable,
  filesLeftOut = 0,
}: Pick<DriftFinding, 'unreadable' | 'filesLeftOut'>): readonly string[] {
  return [
    ...(unreadable === 0 ? [] : [`${unreadable} requests could not be read`]),
    ...(filesLeftOut === 0 ? [] : [`${filesLeftOut} files were left out`]),
  ];
}
