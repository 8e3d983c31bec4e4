import { InvalidArgumentError } from 'commander';

const UNITS_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Reads a date or time of a flag; without an offset it is UTC, a date alone is its midnight. */
export function readTime(text: string): Date {
  const isLocal = /T[\d:.]+$/.test(text);
  const time = new Date(isLocal ? `${text}Z` : text);
  if (INSTANT.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('Give a date as 2026-01-31, or a time as 2026-01-31T06:00:00Z.');
}

/** Reads `2h`, `7d` or `1w` as that long ago; anything else as readTime does. */
export function readSince(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (unit !== undefined) return new Date(Date.now() - Number(count) * UNITS_MS[unit]!);
  return readTime(text);
}
