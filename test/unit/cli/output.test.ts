import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { tolerateClosedPipe } from '../../../src/cli/output/closed-pipe.js';
import { errorJson, errorText } from '../../../src/cli/output/error-text.js';
import { Output } from '../../../src/cli/output/output.js';
import { table } from '../../../src/cli/output/table.js';
import { AnnealError } from '../../../src/errors/index.js';
import { createColors } from 'picocolors';

const PLAIN = createColors(false);

const ERROR = new AnnealError('The task has no rows.', {
  code: 'E_DATA',
  where: 'data.csv:1:1',
  hint: 'Add rows.',
  details: { task: 'train', rows: 0 },
  cause: new Error('underneath'),
});

describe('an error on stderr', () => {
  it('is one paragraph: code, what, where, and what to do', () => {
    expect(errorText(ERROR, PLAIN, false)).toBe(
      'E_DATA The task has no rows. [data.csv:1:1]\n→ Add rows.',
    );
  });

  it('has its stack and its cause only for debugging', () => {
    const text = errorText(ERROR, PLAIN, true);

    expect(text).toContain('    at ');
    expect(text).toContain('caused by Error: underneath');
  });
});

describe('an error as JSON', () => {
  it('has the documented fields', () => {
    expect(errorJson(ERROR, false)).toEqual({
      error: {
        code: 'E_DATA',
        message: 'The task has no rows.',
        task: 'train',
        hint: 'Add rows.',
        where: 'data.csv:1:1',
        details: { task: 'train', rows: 0 },
      },
    });
  });
});

describe('output', () => {
  const write = (json: boolean, quiet: boolean): { stdout: string; stderr: string } => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const output = new Output({ stdout, stderr }, { json, quiet, color: false });
    output.result('for people');
    output.json({ for: 'programs' });
    output.progress('working');
    output.message('important');
    return { stdout: String(stdout.read()), stderr: String(stderr.read()) };
  };

  it('keeps the result on stdout and the rest on stderr (O1)', () => {
    expect(write(false, false)).toEqual({
      stdout: 'for people\n',
      stderr: 'working\nimportant\n',
    });
  });

  it('prints one JSON document and no prose with --json (O1)', () => {
    expect(JSON.parse(write(true, false).stdout)).toEqual({ for: 'programs' });
  });

  it('silences progress, never a message (O2)', () => {
    expect(write(false, true).stderr).toBe('important\n');
  });
});

describe('a reader that has gone', () => {
  it('ends output quietly, and other faults do not (M2)', () => {
    const stdout = new Writable();
    tolerateClosedPipe({ stdout, stderr: new PassThrough() });
    const fail = (code: string): boolean =>
      stdout.emit('error', Object.assign(new Error(code), { code }));

    expect(fail('EPIPE')).toBe(true);
    expect(() => fail('ENOSPC')).toThrow('ENOSPC');
  });
});

describe('a table', () => {
  it('lines its columns up whatever their colours', () => {
    const colors = createColors(true);

    const [first, second] = table([
      ['a', colors.red('long'), 'x'],
      ['bb', 'c', 'y'],
    ]).split('\n');

    expect(first).toBe(`a   ${colors.red('long')}  x`);
    expect(second).toBe('bb  c     y');
  });
});
