import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let root: string;

/** A checkout with the real bin/, one package of its own, and a build that adds to `dist/built`. */
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'anneal-setup-'));
  cpSync('bin', path.join(root, 'bin'), { recursive: true });
  for (const folder of ['src', 'workers', 'part']) mkdirSync(path.join(root, folder));
  write('part/package.json', JSON.stringify({ name: 'part', version: '1.0.0' }));
  write('tsconfig.json', '{}');
  write('src/main.ts', 'one\n');
  writeManifest({ build: 'mkdir -p dist && cat src/main.ts >> dist/built' });
  npm('install', '--package-lock-only');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(path.join(root, file), text);
}

function writeManifest({ build }: { build: string }): void {
  const dependencies = { part: 'file:part' };
  write(
    'package.json',
    JSON.stringify({ name: 'sample', version: '1.0.0', scripts: { build }, dependencies }),
  );
}

function npm(...args: string[]): void {
  execFileSync('npm', args, { cwd: root, stdio: 'ignore' });
}

const built = (): string => readFileSync(path.join(root, 'dist', 'built'), 'utf8');

async function setUp(): Promise<{ code: number; stderr: string; stdout: string }> {
  const child = spawn(process.execPath, [path.join(root, 'bin', 'setup.mjs')]);
  let [stderr, stdout] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr, stdout };
}

describe('set-up of a fresh clone', () => {
  test('installs and builds, with one line a step', async () => {
    const { code, stderr, stdout } = await setUp();

    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Installing Node packages \(npm ci\)… [\d.]+ s\nBuilding… [\d.]+ s\n$/);
    expect(built()).toBe('one\n');
  });

  test('has nothing to say or do the second time', async () => {
    await setUp();

    const second = await setUp();

    expect(second).toEqual({ code: 0, stderr: '', stdout: '' });
    expect(built()).toBe('one\n');
  });

  test('builds again, and only that, when a source was edited', async () => {
    await setUp();
    write('src/main.ts', 'two\n');

    const { stderr } = await setUp();

    expect(stderr).toMatch(/^Building… [\d.]+ s\n$/);
    expect(built()).toBe('one\ntwo\n');
  });

  test('builds again when a source was removed', async () => {
    write('src/extra.ts', '');
    await setUp();
    rmSync(path.join(root, 'src', 'extra.ts'));

    expect((await setUp()).stderr).toMatch(/^Building/);
  });

  test('installs again when the lockfile has changed', async () => {
    await setUp();
    mkdirSync(path.join(root, 'more'));
    write('more/package.json', JSON.stringify({ name: 'more', version: '1.0.0' }));
    npm('install', '--package-lock-only', './more');

    expect((await setUp()).stderr).toMatch(/^Installing Node packages/);
  });

  test("accepts what the user's own npm install made of the same lockfile", async () => {
    npm('install');

    expect((await setUp()).stderr).toMatch(/^Building/);
  });

  test('called twice at once works once, and both succeed', async () => {
    const both = await Promise.all([setUp(), setUp()]);

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(built()).toBe('one\n');
  });

  test('that fails says which command failed and why, exits with 4, and tries again next time', async () => {
    writeManifest({ build: 'echo "src/main.ts(1,1): error" && exit 2' });

    const first = await setUp();
    const second = await setUp();

    expect(first.code).toBe(4);
    expect(first.stderr).toContain('"npm run --silent build"');
    expect(first.stderr).toContain('src/main.ts(1,1): error');
    expect(first.stderr).not.toContain('    at ');
    expect(second.stderr).toMatch(/^Building… failed/);
    expect(existsSync(path.join(root, 'dist', '.anneal-setup.lock'))).toBe(false);
  });
});
