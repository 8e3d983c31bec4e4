import { describe, expect, test } from 'vitest';
import { renderScheduledTime } from '../../../src/ir/scheduled-time/index.js';

// 6:00 in Berlin, in winter time.
const AT = new Date('2026-11-27T05:00:00Z');

function render(text: string, at: Date = AT, timeZone = 'Europe/Berlin'): unknown {
  return renderScheduledTime({ text }, at, timeZone)['text'];
}

describe('the scheduled time', () => {
  // The expected values are those of docs/schedules.md; the epoch by `date -d 2026-11-27T05:00:00Z +%s`.
  test.each([
    ['{{scheduled_time}}', '2026-11-27T06:00:00+01:00'],
    ['{{scheduled_time:iso}}', '2026-11-27T06:00:00+01:00'],
    ['{{scheduled_time:date}}', '2026-11-27'],
    ['{{scheduled_time:month}}', '2026-11'],
    ['{{scheduled_time:year}}', '2026'],
    ['{{scheduled_time:hour}}', '2026-11-27T06'],
    ['{{scheduled_time:compact}}', '20261127T060000'],
    ['{{scheduled_time:epoch}}', '1795755600'],
    ['{{scheduled_time-1d:date}}', '2026-11-26'],
    ['{{ scheduled_time +90m }}', '2026-11-27T07:30:00+01:00'],
    [
      's3://b/{{scheduled_time-1d:date}}/to/{{scheduled_time:date}}',
      's3://b/2026-11-26/to/2026-11-27',
    ],
    ['{{other}} {scheduled_time}', '{{other}} {scheduled_time}'],
  ])('%s gives %s', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  test('is written with Z in UTC', () => {
    expect(render('{{scheduled_time}}', AT, 'UTC')).toBe('2026-11-27T05:00:00Z');
  });

  test('is written inside lists and structs, and leaves other values as they are', () => {
    const parameters = {
      list: ['{{scheduled_time:date}}', 3],
      struct: { a: { b: '{{scheduled_time:year}}' } },
      n: null,
    };

    expect(renderScheduledTime(parameters, AT, 'UTC')).toEqual({
      list: ['2026-11-27', 3],
      struct: { a: { b: '2026' } },
      n: null,
    });
  });

  // Berlin's clocks went forward at 2:00 on 2026-03-29, that day had 23 hours; they go back on 2026-10-25.
  test.each([
    ['2026-03-29T22:30:00Z', '2026-03-29'],
    ['2026-10-25T23:30:00Z', '2026-10-25'],
  ])('Z1: the day before %s (0:30 in Berlin) is the day of the calendar', (at, expected) => {
    expect(render('{{scheduled_time-1d:date}}', new Date(at))).toBe(expected);
    expect(render('{{scheduled_time-1d:hour}}', new Date(at))).toBe(`${expected}T00`);
  });

  test.each([
    '{{scheduled_time:dat}}',
    '{{scheduled_time-1y}}',
    '{{scheduled_time date}}',
    '{{scheduled_time:constructor}}',
  ])('T2: %s is refused', (text) => {
    expect(() => render(text)).toThrow(expect.objectContaining({ code: 'E_PARAM' }));
  });

  test('an unknown zone is refused', () => {
    expect(() => render('x', AT, 'Mars/Olympus')).toThrow(
      expect.objectContaining({ code: 'E_PARAM' }),
    );
  });
});
