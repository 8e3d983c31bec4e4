import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveSecret } from '../../../src/secrets/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a secret', () => {
  test('is read from a variable', async () => {
    expect(await resolveSecret('env:TOKEN', { TOKEN: 'value' })).toBe('value');
  });

  test('is read from a file, without the last line break', async () => {
    const file = path.join(folder, 'token');
    writeFileSync(file, 'two\nlines\n');

    expect(await resolveSecret(`file:${file}`)).toBe('two\nlines');
  });

  test.each([
    ['env:TOKEN', 'it is empty'],
    ['file:/no/such/file', 'there is no such file'],
    ['the-value-itself', 'it is no reference'],
  ])('that is not there is named by its place: %s', async (reference, reason) => {
    await expect(resolveSecret(reference, {})).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining(reason) as string,
    });
  });
});
