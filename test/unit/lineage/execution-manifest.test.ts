import { expect, test } from 'vitest';
import { readManifest } from '../../../src/lineage/index.js';
import { encodeRecord } from '../../../src/lineage/record.js';
import { manifestOf, temporaryStore } from './temporary-store.js';

test.each([
  ['$.attempt', { attempt: '1' }],
  ['$.attempt', { attempt: -1 }],
  ['$.schemaVersion', { schemaVersion: 2 }],
  ['$.run', { run: null }],
  ['$.startedAt', { startedAt: 'yesterday' }],
  ['$.extra', { extra: true }],
  ['$.cacheKey', { cacheKey: 'abc' }],
  [
    '$.outputs.artifacts["model"][0].uri',
    {
      outputs: {
        parameters: {},
        artifacts: { model: [{ name: 'm', type: 't', schemaVersion: '1', metadata: {} }] },
      },
    },
  ],
  ['$.outputs.artifacts["model"]', { outputs: { parameters: {}, artifacts: { model: {} } } }],
  ['$.deployment.status', { deployment: { status: 'fine', endpoint: 'e' } }],
])('a manifest wrong at %s is refused with that path', async (path, change) => {
  const store = await temporaryStore();
  await store.put('manifest', encodeRecord({ ...manifestOf('r', 't'), ...change }));

  await expect(readManifest(store, 'manifest')).rejects.toThrow(
    expect.objectContaining({ code: 'E_RECORD', where: path }),
  );
});

test('a task that has not published has no manifest', async () => {
  expect(await readManifest(await temporaryStore(), 'runs/r/_manifest.json')).toBeUndefined();
});

test('keys like __proto__ in metadata stay data', async () => {
  const store = await temporaryStore();
  const parameters = JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, never>;
  const manifest = manifestOf('r', 't', { inputs: { parameters, artifacts: {} } });
  await store.put('manifest', encodeRecord(manifest));

  const read = await readManifest(store, 'manifest');

  expect(Object.keys(read!.inputs.parameters)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
