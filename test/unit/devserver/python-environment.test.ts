import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensurePythonEnvironment } from '../../../src/devserver/index.js';
import { buildEnvironment } from '../../../src/devserver/python/build-environment.js';
import { readEnvironmentLocks } from '../../../src/devserver/python/environment-locks.js';
import { findPython } from '../../../src/devserver/python/find-python.js';

const PROJECT_LOCKS = path.resolve('python-tasks', 'locks');

let folder: string;
let home: string;
let tasksFolder: string;
let reports: string[];

/** A Python package with the project's lock of uv, and a base lock of one small package taken from it. */
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-python-'));
  home = path.join(folder, 'home');
  tasksFolder = path.join(folder, 'tasks');
  reports = [];
  mkdirSync(path.join(tasksFolder, 'locks'), { recursive: true });
  writeFileSync(path.join(tasksFolder, 'our_tasks.py'), 'ANSWER = 42\n');
  writeLock('uv', readFileSync(path.join(PROJECT_LOCKS, 'uv.txt'), 'utf8'));
  writeLock('base', lockedPackage('packaging'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeLock(name: string, text: string): void {
  writeFileSync(path.join(tasksFolder, 'locks', `${name}.txt`), text);
}

/** One package of the project's base lock, with its hashes. */
function lockedPackage(name: string): string {
  const base = readFileSync(path.join(PROJECT_LOCKS, 'base.txt'), 'utf8');
  return new RegExp(`^${name}==.*\\n(?: {4}--hash.*\\n)+`, 'm').exec(base)![0];
}

const ensure = (
  settings: { python?: string; pythonEnvironment?: string; temporalCli?: string } = {},
): ReturnType<typeof ensurePythonEnvironment> =>
  ensurePythonEnvironment({
    settings: { home, ...settings },
    tasksFolder,
    report: (message) => reports.push(message),
  });

/** A program that stands in for Python and answers the question for its version. */
function fakePython(version: string): string {
  const program = path.join(folder, `python-${version}`);
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n%s\\n' "$0" ${version}\n`);
  chmodSync(program, 0o755);
  return program;
}

describe('a Python environment', () => {
  test('has the locked packages and the project’s own, and says what was done', async () => {
    const { python, uv } = await ensure();

    const script = 'import packaging, our_tasks; print(our_tasks.ANSWER)';
    expect(execFileSync(python, ['-I', '-c', script], { encoding: 'utf8' })).toBe('42\n');
    expect(path.dirname(uv!)).toBe(path.dirname(python));
    expect(reports).toEqual([
      expect.stringMatching(/^Setting up a Python environment \(scikit-learn, pandas/),
      expect.stringMatching(/^Python environment ready in \d+ s\.$/),
    ]);
  }, 120_000);

  test('is built once by several commands at once, and found again in no time', async () => {
    const environments = await Promise.all([ensure(), ensure(), ensure()]);
    const builds = reports.filter((line) => line.startsWith('Setting up'));
    const startedAt = performance.now();

    const again = await ensure();

    expect(performance.now() - startedAt).toBeLessThan(50);
    expect(builds).toHaveLength(1);
    expect(environments).toEqual([again, again, again]);
  }, 120_000);

  test('that was left half built is removed and built again', async () => {
    const { python } = await ensure();
    const environment = path.dirname(path.dirname(python));
    rmSync(path.join(environment, '.anneal-ready'));
    writeFileSync(path.join(environment, 'half-written'), '');

    await ensure();

    expect(existsSync(path.join(environment, 'half-written'))).toBe(false);
    expect(existsSync(path.join(environment, '.anneal-ready'))).toBe(true);
  }, 120_000);

  test('whose Python has gone is built again', async () => {
    const { python } = await ensure();
    rmSync(python);

    await ensure();

    expect(statSync(python).isFile()).toBe(true);
  }, 120_000);

  test('of other locks is another one, and the first stays', async () => {
    const first = await ensure();
    writeLock('base', lockedPackage('threadpoolctl'));

    const second = await ensure();

    expect(second.digest).not.toBe(first.digest);
    expect(existsSync(first.python)).toBe(true);
    expect(existsSync(second.python)).toBe(true);
  }, 120_000);

  test('is built by pip where uv cannot be installed', async () => {
    const { program } = await findPython(undefined);
    const environment = path.join(folder, 'by-pip');
    const locks = readEnvironmentLocks(tasksFolder, 'base');

    await buildEnvironment({
      python: program,
      uv: undefined,
      locks,
      folder: environment,
      options: {},
    });

    const script = 'import packaging, our_tasks';
    execFileSync(path.join(environment, 'bin', 'python'), ['-I', '-c', script]);
    expect(readdirSync(path.join(environment, 'bin'))).not.toContain('uv');
  }, 120_000);

  test('with a package that does not match its hash is refused, and nothing counts as built', async () => {
    const lock = lockedPackage('packaging').replace(
      /sha256:[0-9a-f]{64}/g,
      `sha256:${'0'.repeat(64)}`,
    );
    writeLock('base', lock);

    await expect(ensure()).rejects.toMatchObject({ code: 'E_ENVIRONMENT' });

    const built = readdirSync(path.join(home, 'python')).filter((name) =>
      existsSync(path.join(home, 'python', name, '.anneal-ready')),
    );
    expect(built).toEqual([expect.stringMatching(/^uv-/)]);
  }, 120_000);

  test('that is ready can be named instead: nothing is built', async () => {
    const python = fakePython('3.12.0');

    const environment = await ensure({ pythonEnvironment: python, temporalCli: '/opt/temporal' });

    expect(environment).toMatchObject({ python, temporalCli: '/opt/temporal' });
    expect(existsSync(home)).toBe(false);
  });

  test('that is named but not there is refused', async () => {
    await expect(ensure({ pythonEnvironment: '/nowhere/python' })).rejects.toMatchObject({
      code: 'E_ENVIRONMENT',
      message: expect.stringContaining('/nowhere/python') as unknown,
    });
  });
});

describe('finding Python', () => {
  test('refuses one that is too old, with its version and the remedy', async () => {
    const python = fakePython('3.9.19');

    await expect(findPython(python)).rejects.toMatchObject({
      code: 'E_ENVIRONMENT',
      message: expect.stringMatching(/3\.10 or newer.*is 3\.9\.19/) as unknown,
      hint: expect.stringContaining('ANNEAL_PYTHON=') as unknown,
    });
  });

  test('refuses a program that is no Python', async () => {
    await expect(findPython('/bin/true')).rejects.toMatchObject({ code: 'E_ENVIRONMENT' });
  });

  test('says how to install the venv module where it is missing', async () => {
    const python = path.join(folder, 'python-without-venv');
    writeFileSync(python, '#!/bin/sh\necho "ensurepip is not available." >&2\nexit 1\n');
    chmodSync(python, 0o755);
    const locks = readEnvironmentLocks(tasksFolder, 'base');

    const building = buildEnvironment({
      python,
      uv: undefined,
      locks,
      folder: path.join(folder, 'environment'),
      options: {},
    });

    await expect(building).rejects.toMatchObject({
      code: 'E_ENVIRONMENT',
      message: expect.stringContaining('ensurepip is not available') as unknown,
      hint: expect.stringContaining('apt-get install python3-venv') as unknown,
    });
  });
});
