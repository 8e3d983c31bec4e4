import { expect, test } from 'vitest';
import { keys, publishManifest, readManifest, lineageOf } from '../../../src/lineage/index.js';
import { holding, manifestOf, publishOutput, temporaryStore } from './temporary-store.js';

test('a manifest is read back as it was published', async () => {
  const store = await temporaryStore();
  const model = await publishOutput(store, { runId: 'r', task: 'train', name: 'model' }, 'weights');
  const manifest = manifestOf('r', 'train', {
    inputs: { parameters: { depth: 10, deep: { list: [1.5, null, 'é'] } }, artifacts: {} },
    outputs: holding({ ...model, metadata: { accuracy: 0.93 } }),
    cachedFrom: { runId: 'q', task: 'train', manifestKey: keys.manifestKey('q', 'train') },
    deployment: { status: 'promoted', endpoint: 'churn' },
    peakMemoryBytes: 1024,
    logKey: 'runs/r/log.txt',
  });

  await publishManifest(store, manifest);

  expect(await readManifest(store, keys.manifestKey('r', 'train'))).toEqual(manifest);
});

test('of 20 concurrent executions one wins and all go on with its manifest (P1, P2)', async () => {
  const store = await temporaryStore();
  const attempts = Array.from({ length: 20 }, (_, index) =>
    manifestOf('r', 'train', { attempt: index + 1 }),
  );

  const published = await Promise.all(attempts.map((each) => publishManifest(store, each)));

  const winner = published.findIndex(({ won }) => won);
  expect(published.filter(({ won }) => won)).toHaveLength(1);
  expect(published.map(({ manifest }) => manifest.attempt)).toEqual(
    Array(20).fill(attempts[winner]!.attempt),
  );
});

test('a retry after a death between manifest and index makes the index good (P3)', async () => {
  const store = await temporaryStore();
  const model = await publishOutput(store, { runId: 'r', task: 'train', name: 'model' }, 'weights');
  const manifest = manifestOf('r', 'train', { outputs: holding(model) });
  await publishManifest(store, manifest);
  await store.remove(keys.indexFolder(model.digest!));

  const retried = await publishManifest(store, manifest);

  expect(retried.won).toBe(false);
  expect((await lineageOf(store, model.digest!)).madeBy).toEqual([manifest]);
});

test.each([
  ['cut off', (text: string) => text.slice(0, text.length / 2)],
  ['with a flipped bit', (text: string) => text.replace('"train"', '"traio"')],
  ['edited by hand', (text: string) => text.replace('"attempt": 1', '"attempt": 2')],
  ['emptied', () => ''],
  ['of another kind', () => '[]'],
])('a manifest %s is refused by its key', async (_, damage) => {
  const store = await temporaryStore();
  const key = keys.manifestKey('r', 'train');
  await publishManifest(store, manifestOf('r', 'train'));
  await store.put(key, damage(Buffer.from((await store.get(key))!).toString()));

  await expect(readManifest(store, key)).rejects.toThrow(
    expect.objectContaining({ code: 'E_RECORD', message: expect.stringContaining(key) as string }),
  );
});
