import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  keys,
  lookupCache,
  publishManifest,
  rememberExecution,
  type ExecutionManifest,
} from '../../../src/lineage/index.js';
import { sha256Of, type ArtifactStore } from '../../../src/storage/index.js';
import { holding, manifestOf, publishOutput, temporaryStore } from './temporary-store.js';

const CACHE_KEY = sha256Of('key');

test('a remembered execution answers its key', async () => {
  const store = await temporaryStore();
  const { manifest, key } = await executionIn(store, 'r1');

  expect(await lookupCache(store, CACHE_KEY)).toEqual({ manifest, manifestKey: key });
});

test('a key that nobody computed is a miss', async () => {
  expect(await lookupCache(await temporaryStore(), CACHE_KEY)).toBeUndefined();
});

test.each<[string, (path: string) => Promise<void>]>([
  ['have one flipped bit', (path) => writeFile(path, 'weightt')],
  ['are gone', (path) => rm(path)],
  ['were replaced by a link', (path) => rm(path).then(() => symlink('/etc/passwd', path))],
])(
  'outputs that %s are not answered, and the next execution takes the place (H1, H2)',
  async (_, damage) => {
    const store = await temporaryStore();
    const { manifest } = await executionIn(store, 'r1');
    const path = await store.localPath(manifest.outputs.artifacts.model![0]!.uri);
    await chmod(path, 0o600);
    await damage(path);

    expect(await lookupCache(store, CACHE_KEY)).toBeUndefined();

    const again = await executionIn(store, 'r2');
    expect((await lookupCache(store, CACHE_KEY))?.manifestKey).toBe(again.key);
  },
);

test('an entry whose manifest is gone is dropped (H2)', async () => {
  const store = await temporaryStore();
  const { key } = await executionIn(store, 'r1');
  await store.remove(key);

  expect(await lookupCache(store, CACHE_KEY)).toBeUndefined();
  expect(await store.get(keys.cacheEntryKey(CACHE_KEY))).toBeUndefined();
});

test('an entry that points to an execution of another key is dropped', async () => {
  const store = await temporaryStore();
  const { key } = await executionIn(store, 'r1');
  const other = sha256Of('other key');
  await rememberExecution(store, other, key);

  expect(await lookupCache(store, other)).toBeUndefined();
});

test('a torn entry is a miss, not an error', async () => {
  const store = await temporaryStore();
  await executionIn(store, 'r1');
  await store.put(keys.cacheEntryKey(CACHE_KEY), '{"cacheKey": "sha');

  expect(await lookupCache(store, CACHE_KEY)).toBeUndefined();
});

test('an output without digest cannot be verified and is never answered', async () => {
  const store = await temporaryStore();
  const model = await publishOutput(store, { runId: 'r', task: 'train', name: 'model' }, 'weights');
  const outputs = holding({ ...model, digest: undefined, uri: 'bq://table' });
  await publishManifest(store, manifestOf('r', 'train', { cacheKey: CACHE_KEY, outputs }));
  await rememberExecution(store, CACHE_KEY, keys.manifestKey('r', 'train'));

  expect(await lookupCache(store, CACHE_KEY)).toBeUndefined();
});

test('of two runs that computed the same key, the first entry stays (H3)', async () => {
  const store = await temporaryStore();

  const remembered = await Promise.all(
    ['r1', 'r2', 'r3'].map((runId) =>
      rememberExecution(store, CACHE_KEY, keys.manifestKey(runId, 'train')),
    ),
  );

  expect(remembered.filter(Boolean)).toHaveLength(1);
});

async function executionIn(
  store: ArtifactStore,
  runId: string,
): Promise<{ manifest: ExecutionManifest; key: string }> {
  const model = await publishOutput(store, { runId, task: 'train', name: 'model' }, 'weights');
  const manifest = manifestOf(runId, 'train', { cacheKey: CACHE_KEY, outputs: holding(model) });
  await publishManifest(store, manifest);
  await rememberExecution(store, CACHE_KEY, keys.manifestKey(runId, 'train'));
  return { manifest, key: keys.manifestKey(runId, 'train') };
}
