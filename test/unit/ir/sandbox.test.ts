import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));
const RUNTIME_IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?from '([^']+)'/gm;

/** Everything a file loads at run time, directly or through others. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(RUNTIME_IMPORT)) {
    const path = target.startsWith('.')
      ? resolve(dirname(file), target.replace(/\.js$/, '.ts'))
      : target;
    if (seen.has(path)) continue;
    seen.add(path);
    if (target.startsWith('.')) loadedBy(path, seen);
  }
  return seen;
}

const packagesOf = (file: string) =>
  [...loadedBy(source + file)].filter((path) => !path.startsWith(source));

test('the public face of the IR loads no package, Node built-in or generated code', () => {
  const loaded = [...loadedBy(`${source}ir/index.ts`)];

  expect(packagesOf('ir/index.ts')).toEqual([]);
  expect(loaded.filter((path) => path.includes('/generated/') || path.includes('/yaml/'))).toEqual(
    [],
  );
});

test('validation and expressions load CEL and nothing else', () => {
  expect(
    new Set([...packagesOf('ir/validate/index.ts'), ...packagesOf('ir/expressions/index.ts')]),
  ).toEqual(new Set(['@bufbuild/cel']));
});
