import { scheduleErrors } from '../../errors/index.js';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DURATION = /^(?:\d{1,6}[smhdw])+$/;

/**
 * Reads `90s`, `15m`, `1h30m`, `1d` or `2w`.
 *
 * @param what  named in the error: `interval`
 * @returns milliseconds
 * @throws E_USAGE
 */
export function readDuration(text: string, what: string): number {
  if (!DURATION.test(text)) {
    throw scheduleErrors.scheduleWordUnreadable(
      what,
      text,
      'a time such as 90s, 15m, 6h, 1d or 2w',
    );
  }
  const parts = [...text.matchAll(/(\d+)([smhdw])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

/** Writes milliseconds as readDuration reads them: `1h30m`. */
export function writeDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds / 1000);
  if (rest === 0) return '0s';
  const words: string[] = [];
  for (const [unit, size] of Object.entries(UNITS).reverse()) {
    const seconds = size / 1000;
    const count = Math.floor(rest / seconds);
    if (count > 0 && (unit !== 'w' || rest % seconds === 0)) {
      words.push(`${count}${unit}`);
      rest -= count * seconds;
    }
  }
  return words.join('');
}
