import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TaskValues } from '../../../src/contract/index.js';
import { localInputs } from '../../../src/runners/local-inputs.js';
import { openLocalStore, sha256Of } from '../../../src/storage/index.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anneal-inputs-'));
  file = join(folder, 'data.csv');
  writeFileSync(file, 'a,b\n1,2\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One imported data set, recorded with this digest. */
function imported(digest: string | undefined): TaskValues {
  const uri = pathToFileURL(file).href;
  const artifact = {
    name: 'data',
    type: 'system.Dataset',
    schemaVersion: '0.0.1',
    uri,
    digest,
    metadata: {},
  };
  return { parameters: {}, artifacts: { data: [artifact] } };
}

test('imported data is read where it lies while it is what was imported', async () => {
  const store = await openLocalStore(join(folder, 'store'));

  const locals = await localInputs(imported(sha256Of('a,b\n1,2\n')), store);

  expect([...locals.values()]).toEqual([file]);
});

test('imported data that changed since is refused, so that lineage and cache stay true', async () => {
  const store = await openLocalStore(join(folder, 'store'));
  const inputs = imported(sha256Of('a,b\n1,2\n'));

  writeFileSync(file, 'a,b\n1,3\n');

  await expect(localInputs(inputs, store)).rejects.toMatchObject({
    code: 'E_DIGEST',
    retryable: false,
  });
});

test('an address that a task recorded without content is passed on as it is', async () => {
  const store = await openLocalStore(join(folder, 'store'));
  rmSync(file);

  const locals = await localInputs(imported(undefined), store);

  expect([...locals.values()]).toEqual([file]);
});
