// What only a folder can get wrong: modes, links, leftovers, files that change behind the store's back.

import { execFileSync } from 'node:child_process';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLocalStore, openStore, type ArtifactStore } from '../../../src/storage/index.js';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;

let folder: string;
let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'anneal-store-')));
  root = join(folder, 'store');
  store = await openLocalStore(root);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('nothing in a store can be read by other users of the machine (L1)', async () => {
  await store.put('a/document', 'text');
  const staging = await store.stage('runs/attempt');
  await mkdir(join(staging.folder, 'output'), { mode: 0o777 });
  await writeFile(join(staging.folder, 'output/file'), 'bytes', { mode: 0o666 });
  await staging.publish('output');

  const modes = await modesBelow(root);

  expect(modes).toEqual({
    '.': '700',
    '.tmp': '700',
    a: '700',
    'a/document': '600',
    runs: '700',
    'runs/attempt': '700',
    'runs/attempt/output': '700',
    'runs/attempt/output/file': '400',
  });
});

test('a finished put leaves no temporary file', async () => {
  await store.put('document', 'first', { ifAbsent: true });
  await store.put('document', 'second', { ifAbsent: true });
  await store.put('document', 'third');

  expect(await readdir(join(root, '.tmp'))).toEqual([]);
});

test('leftovers of crashed processes are removed on opening once they are an hour old', async () => {
  const ages = { old: 61, young: 59 };
  for (const [name, minutes] of Object.entries(ages)) {
    await writeFile(join(root, '.tmp', name), 'torn');
    const time = Date.now() / 1000 - minutes * 60;
    await utimes(join(root, '.tmp', name), time, time);
  }

  await openLocalStore(root);

  expect(await readdir(join(root, '.tmp'))).toEqual(['young']);
});

test('a store opened through a link gives the same addresses', async () => {
  await symlink(root, join(folder, 'link'));

  const linked = await openLocalStore(join(folder, 'link'));

  expect(linked.uriOf('a')).toBe(store.uriOf('a'));
});

test('a folder that was replaced by a link is never followed out of the store (S5)', async () => {
  await mkdir(join(folder, 'outside'));
  await writeFile(join(folder, 'outside/secret'), 'secret');
  await symlink(join(folder, 'outside'), join(root, 'run'));

  await expect(store.get('run/secret')).rejects.toThrow(refusal('E_ARTIFACT'));
  await expect(store.put('run/new', '')).rejects.toThrow(refusal('E_ARTIFACT'));
  await expect(store.put('run/deep/new', '')).rejects.toThrow(refusal('E_ARTIFACT'));
  await expect(store.stage('run/attempt')).rejects.toThrow(refusal('E_ARTIFACT'));
  await expect(store.remove('run/secret')).rejects.toThrow(refusal('E_ARTIFACT'));
  await expect(store.localPath(store.uriOf('run/secret'))).rejects.toThrow(refusal('E_ARTIFACT'));
  await expect(store.inspect(store.uriOf('run/secret'))).rejects.toThrow(refusal('E_ARTIFACT'));
  expect(await readdir(join(folder, 'outside'))).toEqual(['secret']);
});

test('a document that was replaced by a link is not read, and removing it spares the target', async () => {
  await writeFile(join(folder, 'secret'), 'secret');
  await symlink(join(folder, 'secret'), join(root, 'document'));

  await expect(store.get('document')).rejects.toThrow(refusal('E_STORE'));
  await expect(store.localPath(store.uriOf('document'))).rejects.toThrow(refusal('E_ARTIFACT'));
  await store.remove('document');

  expect((await lstat(join(folder, 'secret'))).isFile()).toBe(true);
});

test('a document cannot stand where a folder is, nor a folder where a document is (S3)', async () => {
  await store.put('a/b', 'text');

  await expect(store.put('a', 'text')).rejects.toThrow(refusal('E_STORE_KEY'));
  await expect(store.put('a', 'text', { ifAbsent: true })).rejects.toThrow(refusal('E_STORE_KEY'));
  await expect(store.put('a/b/c', 'text')).rejects.toThrow(refusal('E_STORE_KEY'));
});

test.each(['pipe', 'socket'])('an output folder holding a %s is refused at once', async (kind) => {
  const staging = await store.stage('attempt');
  await mkdir(join(staging.folder, 'output'));
  const path = join(staging.folder, 'output', kind);
  if (kind === 'pipe') execFileSync('mkfifo', [path]);
  else
    execFileSync('python3', [
      '-c',
      `import socket; socket.socket(1).bind(${JSON.stringify(path)})`,
    ]);

  await expect(staging.publish('output')).rejects.toThrow(refusal('E_ARTIFACT'));
});

test('an attempt whose output folder became a link to elsewhere is refused', async () => {
  await mkdir(join(folder, 'outside'));
  await writeFile(join(folder, 'outside/model'), 'not the task’s');
  const staging = await store.stage('attempt');
  await symlink(join(folder, 'outside'), join(staging.folder, 'outputs'));

  await expect(staging.publish('outputs/model')).rejects.toThrow(refusal('E_ARTIFACT'));
});

test('a name with a line break is refused: it would forge a line of the listing', async () => {
  const staging = await store.stage('attempt');
  await mkdir(join(staging.folder, 'output'));
  await writeFile(join(staging.folder, 'output/a\nb'), '');

  await expect(staging.publish('output')).rejects.toThrow(refusal('E_ARTIFACT'));
});

test('publishing a hard link leaves the other name’s mode and bytes alone (P2)', async () => {
  await writeFile(join(folder, 'mine.csv'), 'rows', { mode: 0o644 });
  const staging = await store.stage('attempt');
  await link(join(folder, 'mine.csv'), join(staging.folder, 'output'));

  const before = await staging.publish('output');
  await writeFile(join(folder, 'mine.csv'), 'edited later');

  expect(((await stat(join(folder, 'mine.csv'))).mode & 0o777).toString(8)).toBe('644');
  expect(await store.inspect(staging.outputUri('output'))).toEqual(before);
});

test('an attempt is discarded although its task locked its folders', async () => {
  const staging = await store.stage('attempt');
  await mkdir(join(staging.folder, 'locked'));
  await writeFile(join(staging.folder, 'locked/file'), '');
  await chmod(join(staging.folder, 'locked'), 0o500);

  await staging.discard();

  expect(await readdir(root)).not.toContain('attempt');
});

test('a flipped bit in a published file is seen', async () => {
  const { uri, path, content } = await publishFile('weights');
  await chmod(path, 0o600);

  await writeFile(path, 'weightt');

  expect((await store.inspect(uri))?.digest).not.toBe(content.digest);
});

test('a large file that was not touched is verified without reading it (D2)', async () => {
  const { uri, content } = await publishFile(LARGE);
  await forgeSealDigest();

  const inspected = await store.inspect(uri);

  expect(inspected).toEqual({ ...content, digest: `sha256:${'f'.repeat(64)}` });
});

test('a large file that was written to is read again, also when its times are set back (D2)', async () => {
  const { uri, path, content } = await publishFile(LARGE);
  const reference = join(folder, 'reference');
  execFileSync('touch', ['-r', path, reference]); // to the nanosecond, which utimes is not
  await chmod(path, 0o600);
  await writeFile(path, 'X', { flag: 'r+' });
  execFileSync('touch', ['-r', reference, path]);

  const inspected = await store.inspect(uri);

  expect(inspected?.sizeBytes).toBe(content.sizeBytes);
  expect(inspected?.digest).not.toBe(content.digest);
});

test('a damaged seal costs a reading, not a wrong answer (B1)', async () => {
  const { uri, content } = await publishFile(LARGE);
  await writeFile(join(root, '.seals/attempt/output/.seal'), '{"": {"hex": 3');

  expect(await store.inspect(uri)).toEqual(content);
});

test('removing an artifact removes its seal', async () => {
  await publishFile(LARGE);

  await store.remove('attempt');

  expect(await readdir(join(root, '.seals'))).toEqual([]);
});

test('what the file system cannot name as a key is in no listing', async () => {
  await store.put('a', '');
  await writeFile(join(root, 'not a key'), '');
  await symlink('/etc/passwd', join(root, 'link'));

  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);

  expect(keys).toEqual(['a']);
});

test('a folder store is opened by path or file address; what is no address is refused', async () => {
  const options = { cacheFolder: join(folder, 'cache') };
  const opened = await openStore(`file://${root}`, options);

  expect(opened.uriOf('a')).toBe(store.uriOf('a'));
  for (const address of ['s3:bucket', 's3://b/prefix', 'https://x/y', 'file://server/share', '']) {
    await expect(openStore(address, options)).rejects.toThrow(refusal('E_CONFIG'));
  }
});

/** Just above the size from which seals count: 64 MiB and a byte. */
const LARGE = 64 * 1024 * 1024 + 1;

/** Publishes `attempt/output`: the text, or a sparse file of that many bytes. */
async function publishFile(what: string | number) {
  const staging = await store.stage('attempt');
  const path = join(staging.folder, 'output');
  await writeFile(path, typeof what === 'string' ? what : '');
  if (typeof what === 'number') await truncate(path, what);
  const content = await staging.publish('output');
  return { uri: staging.outputUri('output'), path, content: content! };
}

/** Replaces the digest in the one seal there is, so that an answer taken from it is told from a reading. */
async function forgeSealDigest(): Promise<void> {
  const path = join(root, '.seals/attempt/output/.seal');
  const forged = (await readFile(path, 'utf8')).replace(/[0-9a-f]{64}/, 'f'.repeat(64));
  await writeFile(path, forged);
}

async function modesBelow(start: string): Promise<Record<string, string>> {
  const names = ['.', ...(await readdir(start, { recursive: true })).sort()];
  const modes = names.map(async (name) => {
    const { mode } = await lstat(join(start, name));
    return [name, (mode & 0o777).toString(8)] as const;
  });
  return Object.fromEntries(await Promise.all(modes));
}
