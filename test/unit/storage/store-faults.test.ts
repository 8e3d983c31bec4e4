// Faults of the disk below the store: full, read-only, forbidden, gone. Each in a process of its own.

import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openLocalStore } from '../../../src/storage/index.js';
import { compileSources } from './compile-sources.js';

interface Outcome {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** Another user than the owner of the folders, when the suite runs as root: root may write anywhere. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const canMount =
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0;

let folder: string;
let call: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anneal-faults-'));
  await chmod(folder, 0o755);
  await compileSources(folder);
  call = join(folder, 'children/call.mjs');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a folder without permission is named, with what to do (row 29)', async () => {
  const root = join(folder, 'forbidden');
  await openLocalStore(root);
  await chmod(root, 0o500);
  onTestFinished(() => chmod(root, 0o700));

  const outcome = callStore(root, 'put', ['document', 'text'], NOBODY);

  expect(outcome).toMatchObject({ code: 'E_STORE', retryable: false });
  expect(outcome.message).toContain(root);
  expect(outcome.message).toContain('permission denied');
});

test('a folder that cannot be made is named', () => {
  const outcome = callStore('/proc/anneal-store', 'put', ['document', 'text'], NOBODY);

  expect(outcome).toMatchObject({ code: 'E_STORE' });
  expect(outcome.message).toContain('/proc/anneal-store');
});

test('a file where the store should be is named', () => {
  const outcome = callStore(call, 'put', ['document', 'text']);

  expect(outcome).toMatchObject({ code: 'E_STORE', retryable: false });
  expect(outcome.message).toContain(call);
});

test('a store that is removed in the middle of a run does not come back empty (row 29)', async () => {
  const root = join(folder, 'removed');
  const store = await openLocalStore(root);
  await rm(root, { recursive: true });

  await expect(store.put('runs/a/document', 'text')).rejects.toThrow(
    expect.objectContaining({ code: 'E_STORE', message: expect.stringContaining(root) as string }),
  );
  await expect(store.stage('runs/a')).rejects.toThrow(expect.objectContaining({ code: 'E_STORE' }));
  await expect(rm(root)).rejects.toThrow('ENOENT');
});

test.skipIf(!canMount)('a full disk is named, and nothing partial is visible (row 15)', () => {
  const { outcome, files } = callOnTinyDisk('size=1m', [
    'put',
    JSON.stringify(['runs/a/document', 'x'.repeat(50_000)]),
    '40',
  ]);

  expect(outcome).toMatchObject({ code: 'E_STORE_FULL', retryable: false });
  expect(outcome.message).toContain('/runs/a/document');
  expect(files.filter(({ size }) => size !== 50_000)).toEqual([]);
  expect(files.length).toBeGreaterThan(1);
});

test.skipIf(!canMount)('a read-only disk is named', () => {
  const { outcome } = callOnTinyDisk('size=1m,ro', [
    'put',
    JSON.stringify(['document', 'text']),
    '1',
  ]);

  expect(outcome).toMatchObject({ code: 'E_STORE', retryable: false });
  expect(outcome.message).toContain('read-only');
});

function callStore(
  root: string,
  method: string,
  parameters: unknown[],
  user: object = {},
): Outcome {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [call, root, method, JSON.stringify(parameters)],
    { encoding: 'utf8', timeout: 10_000, ...user },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Outcome;
}

/** Repeats a call (the key gets a number) on a tmpfs that only the child sees; tells how the last one ended. */
function callOnTinyDisk(mountOptions: string, [method, parameters, times]: string[]) {
  const script = `
    set -e
    mkdir -p "$1"
    mount -t tmpfs -o "$2" none "$1"
    "$3" "$4" "$1" "$5" "$6" "$7"
    find "$1" -type f -printf '{"path": "%P", "size": %s}\\n'`;
  const mount = join(folder, 'mount');
  const stdout = execFileSync(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      script,
      'sh',
      mount,
      mountOptions,
      process.execPath,
      call,
      method!,
      parameters!,
      times!,
    ],
    { encoding: 'utf8', timeout: 20_000 },
  );
  const [outcome, ...files] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return { outcome: outcome as Outcome, files: files as { path: string; size: number }[] };
}
