import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { missingTest, namedTests } from './support/named-tests.js';
import { brokenLinks } from './support/pages.js';

interface FolderRule {
  readonly name: string;
  readonly from: { readonly path?: string };
  readonly to: { readonly pathNot?: string };
}

const FILE = 'ARCHITECTURE.md';
const page = readFileSync(FILE, 'utf8');

/** The cells of the rows below a heading, without the two head rows. */
function rowsOf(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** What each folder may import, as the linter has it; the folder itself left out. */
function lintedImports(): Record<string, string[]> {
  const require = createRequire(import.meta.url);
  const { forbidden } = require('../../../.dependency-cruiser.cjs') as { forbidden: FolderRule[] };
  const rules = forbidden.filter(
    ({ from, to }) => /^\^src\/\w+\/$/.test(from.path ?? '') && to.pathNot,
  );
  return Object.fromEntries(
    rules.map(({ from, to }) => {
      const folder = /^\^src\/(\w+)\/$/.exec(from.path!)![1]!;
      const allowed = /\((.*)\)/.exec(to.pathNot!)![1]!.split('|');
      return [folder, allowed.filter((name) => name !== folder).sort()];
    }),
  );
}

describe('the bands of ARCHITECTURE.md', () => {
  const bands = rowsOf('Bands');

  test('are the ones that the linter enforces', () => {
    const written = bands.map(([, folder = '', , imports = '']) => [
      folder.replaceAll('`', ''),
      imports.split(', ').filter(Boolean).sort(),
    ]);

    expect(Object.fromEntries(written)).toEqual(lintedImports());
  });

  test('name every folder of src', () => {
    const folders = readdirSync('src', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

    expect(bands.map(([, folder]) => folder!.replaceAll('`', '')).sort()).toEqual(folders.sort());
  });
});

describe('the behaviours of ARCHITECTURE.md', () => {
  const behaviours = rowsOf('Behaviours');

  test.each(behaviours)('%s', (_, file, testCell) => {
    expect(brokenLinks({ file: FILE, text: file })).toEqual([]);
    const tests = namedTests({ file: FILE, text: testCell });
    expect(tests).toHaveLength(1);
    expect(missingTest(tests[0]!)).toBeUndefined();
  });
});
