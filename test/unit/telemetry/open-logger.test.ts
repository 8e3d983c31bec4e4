import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { AnnealError } from '../../../src/errors/index.js';
import { openLogger } from '../../../src/telemetry/index.js';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** Logs to lines kept in memory. */
function logTo(
  logLevel: Level,
  { isTTY = false, logFormat }: { isTTY?: boolean; logFormat?: 'json' | 'text' } = {},
) {
  const lines: string[] = [];
  const output = { isTTY, write: (line: string) => lines.push(line) };
  const logger = openLogger({ logLevel, logFormat }, output);
  return { logger, lines, entries: () => lines.map((line) => JSON.parse(line) as object) };
}

describe('the log of a worker', () => {
  test('is one JSON object a line, with what the SDK knows of the moment', () => {
    const { logger, lines, entries } = logTo('info');
    const at = BigInt(Date.parse('2026-01-31T09:45:02.123Z')) * 1_000_000n;

    logger.info('task started', { runId: 'r1', task: 'train', [Symbol.for('log_timestamp')]: at });

    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(entries()).toEqual([
      {
        ...{ time: '2026-01-31T09:45:02.123Z', level: 'info', message: 'task started' },
        ...{ runId: 'r1', task: 'train' },
      },
    ]);
  });

  test('leaves out what is below its level', () => {
    const { logger, entries } = logTo('warn');

    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) logger[level](level);

    expect(entries()).toMatchObject([{ message: 'warn' }, { message: 'error' }]);
  });

  test('holds no secret (L1)', () => {
    const { logger, lines } = logTo('trace');
    const secret = 'hunter-2';
    const error = new AnnealError('The call was refused.', {
      ...{ code: 'E_SERVER' as const, hint: '' },
      details: { header: secret },
    });

    logger.warn('refused', {
      ...{ error, apiKey: secret, env: { KEY: secret } },
      connection: { apiKey: secret, headers: { authorization: secret } },
    });

    expect(lines.join('')).not.toContain(secret);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      error: { code: 'E_SERVER', message: 'The call was refused.' },
    });
  });

  test("writes an error's code and causes, and a stack only of what nobody foresaw", () => {
    const { logger, entries } = logTo('info');
    const cause = new TypeError('x is not a function');
    const error = ApplicationFailure.create({
      type: 'E_TASK_EXIT',
      message: 'ended with 1',
      cause,
    });

    logger.error('failed', { error });

    expect(entries()).toMatchObject([
      {
        error: {
          ...{ code: 'E_TASK_EXIT', message: 'ended with 1' },
          cause: {
            code: 'TypeError',
            stack: expect.stringContaining('open-logger.test') as string,
          },
        },
      },
    ]);
    expect((entries()[0] as { error: object }).error).not.toHaveProperty('stack');
  });

  test.each([
    [{ isTTY: true }, true],
    [{ isTTY: false }, false],
    [{ isTTY: true, logFormat: 'json' as const }, false],
    [{ isTTY: false, logFormat: 'text' as const }, true],
  ])('%o is for people: %s', (options, isText) => {
    const { logger, lines } = logTo('info', options);

    logger.info('task started', { runId: 'r1', task: 'train', component: 'comp-train' });

    const text =
      /^\d\d:\d\d:\d\d\.\d{3} INFO {2}task started {2}runId=r1 {2}task=train {2}component=comp-train\n$/;
    expect(text.test(lines[0]!)).toBe(isText);
  });
});
