import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertStoreKey, safeSegment } from '../../../src/storage/index.js';

test('plain lower-case names stay as they are', () => {
  expect(['train', 'for-loop-1', 'test_data', 'a.b', '2'].map(safeSegment)).toEqual([
    'train',
    'for-loop-1',
    'test_data',
    'a.b',
    '2',
  ]);
});

test.each([
  ['..', /^name-[0-9a-f]{16}$/],
  ['', /^name-[0-9a-f]{16}$/],
  ['../../x', /^x-[0-9a-f]{16}$/],
  ['a/b', /^a-b-[0-9a-f]{16}$/],
  ['_manifest.json', /^manifest.json-[0-9a-f]{16}$/],
  ['.tmp', /^tmp-[0-9a-f]{16}$/],
  ['nul.txt', /^nul.txt-[0-9a-f]{16}$/],
  ['Model', /^Model-[0-9a-f]{16}$/],
  ['modèle 🎉', /^mod-le--[0-9a-f]{16}$/],
  ['a\0b', /^a-b-[0-9a-f]{16}$/],
])('%j becomes a safe segment that tells what it was', (name, expected) => {
  expect(safeSegment(name)).toMatch(expected);
});

test('any name becomes a segment that keys accept and Anneal does not reserve (N2)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const segment = safeSegment(name);

      expect(() => assertStoreKey(segment)).not.toThrow();
      expect(segment).not.toMatch(/^[._]/);
    }),
  );
});

test('different names never share a segment, even where case is ignored (N1)', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'A', '-', '_', '.', ' ', '/'),
    maxLength: 4,
  });

  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 40 }), (names) => {
      const segments = names.map((each) => safeSegment(each).toLowerCase());

      expect(new Set(segments).size).toBe(names.length);
    }),
  );
});

test('a name that imitates the encoding of another does not meet it', () => {
  const encoded = safeSegment('a b');

  expect(safeSegment(encoded)).not.toBe(encoded);
});

test('lone surrogates are told apart, though both print as the same character', () => {
  expect(safeSegment('\ud800')).not.toBe(safeSegment('\ud801'));
});
