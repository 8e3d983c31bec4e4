// Wall clocks of time zones, by Intl.
//
// Z1. A day is a day of the calendar, not 24 hours: across a change of the clocks the wall time stays.

import { scheduleErrors } from '../../errors/index.js';

/** What a clock on the wall shows. */
export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Refuses what is no IANA zone. @throws E_PARAM */
export function assertTimeZone(timeZone: string): void {
  try {
    formatterOf(timeZone);
  } catch {
    throw scheduleErrors.unknownTimeZone(timeZone);
  }
}

/** What the clock of a zone shows at an instant. */
export function wallTime(at: Date, timeZone: string): WallTime {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

/** How far a zone's clock is ahead of UTC at an instant, in minutes. */
export function offsetMinutes(at: Date, timeZone: string): number {
  const wholeSeconds = Math.floor(at.getTime() / 1000) * 1000;
  return Math.round((asUtc(wallTime(at, timeZone)) - wholeSeconds) / 60_000);
}

/** The instant some calendar days later (earlier when negative) at the same wall time (Z1). */
export function addDays(at: Date, days: number, timeZone: string): Date {
  const wall = wallTime(at, timeZone);
  const wanted = asUtc({ ...wall, day: wall.day + days });
  // The offset of a first guess, then the offset where that leads: enough for every change of the clocks.
  const guess = wanted - offsetMinutes(at, timeZone) * 60_000;
  return new Date(wanted - offsetMinutes(new Date(guess), timeZone) * 60_000);
}

function asUtc({ year, month, day, hour, minute, second }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
