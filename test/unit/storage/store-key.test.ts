import { expect, test } from 'vitest';
import { assertStoreKey } from '../../../src/storage/index.js';

test.each(['a', 'runs/r-1/tasks/train/_manifest.json', 'A/B.c_d', 'x'.repeat(200)])(
  'accepts %s',
  (key) => {
    expect(() => assertStoreKey(key)).not.toThrow();
  },
);

test.each([
  ['', 'has an empty segment'],
  ['/a', 'has an empty segment'],
  ['a//b', 'has an empty segment'],
  ['a/', 'has an empty segment'],
  ['..', 'starts with a dot'],
  ['a/../b', 'starts with a dot'],
  ['a/./b', 'starts with a dot'],
  ['.tmp/x', 'starts with a dot'],
  ['a%2e%2e/b', 'may hold only'],
  ['a\\b', 'may hold only'],
  ['a b', 'may hold only'],
  ['a\0', 'may hold only'],
  ['a\n', 'may hold only'],
  ['é', 'may hold only'],
  ['x'.repeat(201), 'longer than 200 bytes'],
  [Array(10).fill('x'.repeat(100)).join('/'), 'longer than 900 bytes'],
])('refuses %j, naming the rule', (key, rule) => {
  expect(() => assertStoreKey(key)).toThrow(
    expect.objectContaining({
      code: 'E_STORE_KEY',
      message: expect.stringContaining(rule) as string,
    }),
  );
});
