import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openImportSource, sha256Of, type ImportPolicy } from '../../../src/storage/index.js';

/** Nothing in these tests may reach S3. */
const store = { fetchExternal: () => Promise.reject(new Error('S3 was asked')) };
const open = (uri: string, given: ImportPolicy): ReturnType<typeof openImportSource> =>
  openImportSource(uri, given, { store });

let folder: string;
let policy: ImportPolicy;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'anneal import é-')));
  await mkdir(join(folder, 'allowed'));
  await mkdir(join(folder, 'allowed-not'));
  await writeFile(join(folder, 'allowed/data file.csv'), 'a,b\n');
  await writeFile(join(folder, 'allowed-not/secret.csv'), 'secret');
  policy = {
    baseFolder: join(folder, 'allowed'),
    allowedRoots: [join(folder, 'allowed')],
    allowAnyPlace: false,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a path, a relative path and a file address lead to the same bytes', async () => {
  const path = join(folder, 'allowed/data file.csv');

  const opened = await Promise.all(
    [path, 'data file.csv', './x/../data file.csv', pathToFileURL(path).href].map((uri) =>
      open(uri, policy),
    ),
  );

  const expected = {
    localPath: path,
    uri: pathToFileURL(path).href,
    digest: sha256Of('a,b\n'),
    sizeBytes: 4,
    kind: 'file',
  };
  expect(opened).toEqual([expected, expected, expected, expected]);
});

test('a folder is imported as folder artifact', async () => {
  const source = await open('.', policy);

  const line = `${sha256Of('a,b\n').slice(7)}  data file.csv\n`;
  expect(source).toMatchObject({ kind: 'folder', sizeBytes: 4, digest: sha256Of(line) });
});

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'https://example.org/a.csv',
  'HTTP://example.org/a.csv',
  's3://other/a.csv',
  'gs://other/a.csv',
  'ftp://host/a',
  'data:text/csv,a',
  'javascript:1',
  'file://server/share/a.csv',
  'file:///etc/passwd',
  'file:///etc/passwd?x',
  'file:///a%00b',
  'file:///a%2fb',
  '/etc/passwd',
  '../allowed-not/secret.csv',
  '/etc/does-not-exist',
  'a\0b',
  'x'.repeat(5000),
])('a pipeline may not import %j', async (uri) => {
  await expect(open(uri, policy)).rejects.toThrow(
    expect.objectContaining({ code: 'E_IMPORT_REFUSED', retryable: false }),
  );
});

test('a refusal for the place names the setting that allows it', async () => {
  await expect(open('/etc/passwd', policy)).rejects.toThrow(
    expect.objectContaining({ hint: expect.stringContaining('ANNEAL_IMPORT_ROOTS') as string }),
  );
});

test('a refusal never repeats passwords or signatures of an address', async () => {
  const uri = 'https://user:hunter2@example.org/a.csv?X-Amz-Signature=topsecret';

  const refusal: unknown = await open(uri, policy).catch((error: unknown) => error);

  expect(JSON.stringify(refusal, Object.getOwnPropertyNames(refusal))).not.toMatch(
    /hunter2|topsecret/,
  );
});

test('a link inside an allowed folder that leads out is refused (O2)', async () => {
  await symlink(join(folder, 'allowed-not'), join(folder, 'allowed/link'));

  await expect(open('link/secret.csv', policy)).rejects.toThrow(
    expect.objectContaining({ code: 'E_IMPORT_REFUSED' }),
  );
});

test('an allowed folder may itself be a link', async () => {
  await symlink(join(folder, 'allowed'), join(folder, 'root'));
  const linked = { ...policy, allowedRoots: [join(folder, 'root')] };

  const source = await open(join(folder, 'root/data file.csv'), linked);

  expect(source.localPath).toBe(join(folder, 'allowed/data file.csv'));
});

test('whoever starts the run may name any file', async () => {
  const source = await open('../allowed-not/secret.csv', {
    ...policy,
    allowAnyPlace: true,
  });

  expect(source.digest).toBe(sha256Of('secret'));
});

test.each([
  ['missing.csv', 'there is no such file or folder'],
  ['data file.csv/x', 'there is no such file or folder'],
  ['~/data.csv', 'there is no such file or folder'],
  ['', 'it is empty'],
])('the unreadable %j is named with the folder it was looked up in', async (uri, reason) => {
  await expect(open(uri, policy)).rejects.toThrow(
    expect.objectContaining({
      code: 'E_INPUT_NOT_FOUND',
      retryable: false,
      message: expect.stringContaining(reason) as string,
      hint: expect.stringContaining(policy.baseFolder) as string,
    }),
  );
});

test('a pipe is refused instead of waited for (O3)', async () => {
  execFileSync('mkfifo', [join(folder, 'allowed/pipe')]);

  await expect(open('pipe', policy)).rejects.toThrow(
    expect.objectContaining({ code: 'E_IMPORT_REFUSED' }),
  );
});

test('a folder with a link to a file elsewhere is refused', async () => {
  await symlink(join(folder, 'allowed-not/secret.csv'), join(folder, 'allowed/link.csv'));

  await expect(open('.', policy)).rejects.toThrow(expect.objectContaining({ code: 'E_ARTIFACT' }));
});
