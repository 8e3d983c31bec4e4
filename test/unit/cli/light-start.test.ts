import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = path.resolve(import.meta.dirname, '../../../src/cli/main.ts');

/** Everything that loads with a module at once: types and `import()` do not count. */
function staticImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, clause = '', from = ''] of source.matchAll(
    /^(?:import|export)\s+([^;]*?)\s*from\s+'([^']+)'/gm,
  )) {
    if (clause.startsWith('type ')) continue;
    if (from.startsWith('.')) staticImports(resolve(file, from), seen);
    else seen.add(from);
  }
  return seen;
}

function resolve(file: string, from: string): string {
  return path.resolve(path.dirname(file), from).replace(/\.js$/, '.ts');
}

describe('starting the program', () => {
  it('loads no client, worker or YAML before a command needs it (P1)', () => {
    const loaded = [...staticImports(MAIN)];

    const packages = loaded.filter((name) => !path.isAbsolute(name) && !name.startsWith('node:'));
    const rooms = loaded
      .filter((name) => path.isAbsolute(name))
      .map((name) => path.relative(path.dirname(path.dirname(MAIN)), name).split(path.sep)[0]);
    expect(packages.sort()).toEqual(['commander', 'picocolors']);
    expect([...new Set(rooms)].sort()).toEqual(['cli', 'errors']);
  });

  it.each(['src/client/index.ts', 'workers/worker.ts'])(
    '%s loads nothing of OpenTelemetry before traces are wanted (T1)',
    (file) => {
      const loaded = [...staticImports(path.resolve(import.meta.dirname, '../../..', file))];

      expect(loaded).toContainEqual(expect.stringContaining('tracing/open-tracing.ts'));
      expect(loaded.filter((name) => name.includes('opentelemetry'))).toEqual([]);
    },
  );
});
