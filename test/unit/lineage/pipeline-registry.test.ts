import { describe, expect, test } from 'vitest';
import {
  keys,
  listPipelines,
  listVersions,
  publishPipeline,
  readPipelineSource,
  resolvePipeline,
} from '../../../src/lineage/index.js';
import { sha256Of } from '../../../src/storage/index.js';
import { temporaryStore } from './temporary-store.js';

const name = 'ml-training-pipeline';

test('new texts get new versions, known texts keep theirs', async () => {
  const store = await temporaryStore();

  const published = [];
  for (const text of ['one', 'two', 'one'])
    published.push(await publishPipeline(store, { name, text }));

  expect(published.map(({ version, created }) => [version, created])).toEqual([
    [1, true],
    [2, true],
    [1, false],
  ]);
});

test('a pipeline is found by name, version or digest, with its text', async () => {
  const store = await temporaryStore();
  await publishPipeline(store, { name, text: 'one' });
  await publishPipeline(store, { name, text: 'two' });

  const newest = { name, version: 2, digest: sha256Of('two'), text: 'two' };
  expect(await resolvePipeline(store, { name })).toEqual(newest);
  expect(await resolvePipeline(store, { name, digest: sha256Of('two') })).toEqual(newest);
  expect((await resolvePipeline(store, { name, version: 1 })).text).toBe('one');
});

test('a version remembers the commit it was last published from, and is the same version (V3)', async () => {
  const store = await temporaryStore();
  const source = { commit: 'a'.repeat(40), dirty: true, path: 'train.yaml' };
  const later = { ...source, commit: 'b'.repeat(40), dirty: false };
  await publishPipeline(store, { name, text: 'one', source });

  const again = await publishPipeline(store, { name, text: 'one', source: later });
  await publishPipeline(store, { name, text: 'one' });

  expect(again).toMatchObject({ version: 1, created: false });
  expect(await readPipelineSource(store, again)).toEqual(later);
  expect(await listVersions(store, name)).toMatchObject([{ version: 1, source: later }]);
});

test('a version that was published from no commit has none', async () => {
  const store = await temporaryStore();
  const published = await publishPipeline(store, { name, text: 'one' });

  expect(await readPipelineSource(store, published)).toBeUndefined();
});

test('twenty publishers at once of four texts make four versions without a gap (V2)', async () => {
  const store = await temporaryStore();

  const published = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      publishPipeline(store, { name, text: `t${index % 4}` }),
    ),
  );

  const byText = published.map(({ version, digest }) => `${version} ${digest}`);
  expect(new Set(byText).size).toBe(4);
  expect(new Set(published.map(({ version }) => version))).toEqual(new Set([1, 2, 3, 4]));
  expect(published.filter(({ created }) => created)).toHaveLength(4);
});

test('an unknown name is answered with the nearest one and all known ones', async () => {
  const store = await temporaryStore();
  await publishPipeline(store, { name, text: 'one' });
  await publishPipeline(store, { name: 'Other Pipeline', text: 'one' });

  await expect(resolvePipeline(store, { name: 'ml-training-pipelin' })).rejects.toThrow(
    expect.objectContaining({
      code: 'E_NOT_FOUND',
      message: expect.stringContaining(`Did you mean "${name}"?`) as string,
      hint: `Published pipelines: Other Pipeline, ${name}.`,
    }),
  );
});

test.each([{ version: 3 }, { digest: sha256Of('three') }, { version: 1, digest: sha256Of('two') }])(
  'an unknown version %j is answered with the known ones',
  async (reference) => {
    const store = await temporaryStore();
    await publishPipeline(store, { name, text: 'one' });
    await publishPipeline(store, { name, text: 'two' });

    await expect(resolvePipeline(store, { name, ...reference })).rejects.toThrow(
      expect.objectContaining({
        code: 'E_NOT_FOUND',
        hint: expect.stringContaining('1, 2') as string,
      }),
    );
  },
);

test('a stored spec that was changed is refused by its digest (V1)', async () => {
  const store = await temporaryStore();
  const { digest } = await publishPipeline(store, { name, text: 'one' });
  await store.put(keys.specKey(digest), 'onf');

  await expect(resolvePipeline(store, { name })).rejects.toThrow(
    expect.objectContaining({ code: 'E_DIGEST' }),
  );
});

test('publishing again mends a damaged copy of the spec', async () => {
  const store = await temporaryStore();
  const { digest } = await publishPipeline(store, { name, text: 'one' });
  await store.put(keys.specKey(digest), 'onf');

  await publishPipeline(store, { name, text: 'one' });

  expect((await resolvePipeline(store, { name })).text).toBe('one');
});

test('a digest that is not that of the text is refused', async () => {
  const store = await temporaryStore();

  await expect(
    publishPipeline(store, { name, text: 'one', digest: sha256Of('two') }),
  ).rejects.toThrow(expect.objectContaining({ code: 'E_DIGEST' }));
});

test('pipelines are listed by their true names with the newest version', async () => {
  const store = await temporaryStore();
  for (let version = 1; version <= 10; version += 1) {
    await publishPipeline(store, { name: 'Ünïcode / name', text: String(version) });
  }

  expect(await listPipelines(store)).toEqual([
    { name: 'Ünïcode / name', version: 10, digest: sha256Of('10') },
  ]);
});

describe('a version', () => {
  test('is found by its number or digest in the name', async () => {
    const store = await temporaryStore();
    const first = await publishPipeline(store, { name, text: 'one' });
    await publishPipeline(store, { name, text: 'two' });

    const found = await Promise.all(
      [`${name}@1`, `${name}@${first.digest}`].map((each) =>
        resolvePipeline(store, { name: each }),
      ),
    );

    expect(found.map(({ version, text }) => [version, text])).toEqual([
      [1, 'one'],
      [1, 'one'],
    ]);
  });

  test('is found by the first digits of its digest, when they are unique', async () => {
    const store = await temporaryStore();
    const [left, right] = textsWithEqualBegin();
    await publishPipeline(store, { name, text: left });
    await publishPipeline(store, { name, text: right });
    const shared = sha256Of(left).slice(0, 13);

    const found = await resolvePipeline(store, { name: `${name}@${sha256Of(left).slice(0, 40)}` });

    expect(found.version).toBe(1);
    await expect(resolvePipeline(store, { name, digest: shared })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      hint: expect.stringContaining('Give more digits') as string,
    });
    await expect(resolvePipeline(store, { name: `${name}@sha256:000000` })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  test('is listed with the others, the newest first', async () => {
    const store = await temporaryStore();
    for (const text of ['one', 'two']) await publishPipeline(store, { name, text });

    const listed = await listVersions(store, name);

    expect(listed.map(({ version, digest }) => [version, digest])).toEqual([
      [2, sha256Of('two')],
      [1, sha256Of('one')],
    ]);
    expect(listed[0]?.publishedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    await expect(listVersions(store, 'nope')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

/** Two texts whose digests share their first 6 digits. */
function textsWithEqualBegin(): [string, string] {
  const seen = new Map<string, string>();
  for (let number = 0; ; number += 1) {
    const text = `text ${number}`;
    const begin = sha256Of(text).slice(0, 13);
    const earlier = seen.get(begin);
    if (earlier !== undefined) return [earlier, text];
    seen.set(begin, text);
  }
}
