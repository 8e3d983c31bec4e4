// `{{scheduled_time}}` in the parameters of a scheduled run.
//
// T1. The value comes from the time the schedule meant, never from a clock: a late, retried or backfilled run
//     gets the same parameters as one on time.
// T2. What looks like the template and is none is refused: a typo must not reach a task as text.

import { scheduleErrors } from '../../errors/index.js';
import type { JsonObject, JsonValue } from '../../util/index.js';
import { addDays, assertTimeZone, offsetMinutes, wallTime, type WallTime } from './zoned-time.js';

const TEMPLATE = /\{\{\s*scheduled_time([^{}]*)\}\}/g;
const REST = /^\s*(?:([+-]\d{1,4})([dhm]))?\s*(?::\s*([a-z]+))?\s*$/;
const UNIT_MS = { h: 3_600_000, m: 60_000 } as const;

interface Moment {
  readonly at: Date;
  readonly wall: WallTime;
  readonly timeZone: string;
}

const FORMATS: Readonly<Record<string, (moment: Moment) => string>> = {
  iso: ({ at, wall, timeZone }) => `${dateOf(wall)}T${clockOf(wall, ':')}${zoneOf(at, timeZone)}`,
  date: ({ wall }) => dateOf(wall),
  month: ({ wall }) => dateOf(wall).slice(0, -3),
  year: ({ wall }) => dateOf(wall).slice(0, -6),
  hour: ({ wall }) => `${dateOf(wall)}T${two(wall.hour)}`,
  compact: ({ wall }) => `${dateOf(wall).replaceAll('-', '')}T${clockOf(wall, '')}`,
  epoch: ({ at }) => String(Math.floor(at.getTime() / 1000)),
};

/**
 * Writes the scheduled time into every text of the parameters, also inside lists and structs (T1).
 *
 * @param at        the time that the schedule meant
 * @param timeZone  IANA zone of the wall time
 * @throws E_PARAM for an unknown zone, offset or format (T2)
 */
export function renderScheduledTime(
  parameters: JsonObject,
  at: Date,
  timeZone: string,
): JsonObject {
  assertTimeZone(timeZone);
  const render = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') {
      return value.replace(TEMPLATE, (whole, rest: string) => renderOne(whole, rest, at, timeZone));
    }
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(render);
    const entries = Object.entries(value as JsonObject);
    return Object.fromEntries(entries.map(([name, item]) => [name, render(item)]));
  };
  return render(parameters) as JsonObject;
}

function renderOne(whole: string, rest: string, at: Date, timeZone: string): string {
  const match = REST.exec(rest);
  const name = match?.[3] ?? 'iso';
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (match === null || format === undefined) {
    throw scheduleErrors.unknownTimeFormat(whole, Object.keys(FORMATS));
  }
  const moved = move(at, Number(match[1] ?? 0), match[2] as 'd' | 'h' | 'm' | undefined, timeZone);
  return format({ at: moved, wall: wallTime(moved, timeZone), timeZone });
}

function move(at: Date, count: number, unit: 'd' | 'h' | 'm' | undefined, timeZone: string): Date {
  if (unit === undefined) return at;
  return unit === 'd'
    ? addDays(at, count, timeZone)
    : new Date(at.getTime() + count * UNIT_MS[unit]);
}

function dateOf({ year, month, day }: WallTime): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function clockOf({ hour, minute, second }: WallTime, separator: string): string {
  return [hour, minute, second].map(two).join(separator);
}

function zoneOf(at: Date, timeZone: string): string {
  if (timeZone === 'UTC') return 'Z';
  const minutes = offsetMinutes(at, timeZone);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
