import type { CalendarSpec } from '@temporalio/client';
import { scheduleErrors } from '../../errors/index.js';

const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
const MONTHS = [
  ...['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE', 'JULY', 'AUGUST'],
  ...['SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'],
];

/** Field to its limits, or to the names it may hold. */
const FIELDS: Readonly<Record<string, readonly [number, number] | readonly string[]>> = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: MONTHS,
  year: [2000, 2100],
  dayOfWeek: WEEKDAYS,
};
const EXPECTED =
  'words such as hour=6 minute=0,30 dayOfWeek=MONDAY-FRIDAY; the fields are ' +
  Object.keys(FIELDS).join(', ');

type Limits = readonly [number, number] | readonly string[];
type Part = { readonly start: number | string; readonly end?: number | string };

/**
 * Reads one calendar: fields joined by spaces, each with values, ranges, or a list of them.
 *
 * @throws E_USAGE naming what cannot be read
 */
export function readCalendar(text: string): CalendarSpec {
  const words = text.trim().split(/\s+/);
  const fields = words.map((word) => {
    const [, field = '', value = ''] = /^([A-Za-z]+)=(.+)$/.exec(word) ?? [];
    const limits = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    if (limits === undefined) throw unreadable(word);
    return [field, value === '*' ? '*' : value.split(',').map((part) => readPart(part, limits))];
  });
  return Object.fromEntries(fields) as CalendarSpec;
}

function readPart(text: string, limits: Limits): Part {
  const [first = '', last, more] = text.split('-');
  if (more !== undefined) throw unreadable(text);
  const start = readValue(first, limits);
  return last === undefined ? { start } : { start, end: readValue(last, limits) };
}

function readValue(text: string, limits: Limits): number | string {
  const [low, high] = limits;
  if (typeof low === 'number' && typeof high === 'number') {
    const value = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
    if (value >= low && value <= high) return value;
  } else if ((limits as readonly string[]).includes(text.toUpperCase())) {
    return text.toUpperCase();
  }
  throw unreadable(text);
}

function unreadable(text: string): Error {
  return scheduleErrors.scheduleWordUnreadable('calendar', text, EXPECTED);
}
