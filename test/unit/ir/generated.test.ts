import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const python = process.env['ANNEAL_DEV_PYTHON'] ?? 'python3';
const NEEDED = ['kfp-pipeline-spec', 'kfp-kubernetes', 'googleapis-common-protos'];

const hasPackages = (() => {
  const script = `import importlib.metadata as m; [m.version(p) for p in ${JSON.stringify(NEEDED)}]`;
  try {
    execFileSync(python, ['-c', script], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const reason = hasPackages
  ? ''
  : ` [skipped: set ANNEAL_DEV_PYTHON to a Python with ${NEEDED.join(', ')}]`;

describe.skipIf(!hasPackages)(`the generated types${reason}`, () => {
  const fresh = mkdtempSync(join(tmpdir(), 'anneal-ir-'));
  afterAll(() => rmSync(fresh, { recursive: true }));

  test('are what the installed descriptors of KFP generate', () => {
    execFileSync(process.execPath, [join(project, 'bin/generate-ir.mjs'), fresh], {
      env: { ...process.env, ANNEAL_DEV_PYTHON: python },
    });

    expect(filesBelow(fresh)).toEqual(filesBelow(join(project, 'src/ir/generated')));
  });
});

function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}
