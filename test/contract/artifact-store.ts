// What must hold on every artifact store; each implementation runs this suite on a store of its own.
// Invariants S1 to S5 are those of src/storage/artifact-store.ts.

import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Of, type ArtifactStore } from '../../src/storage/index.js';

/** An empty store, and what removes it after the test. */
export interface OpenedStore {
  readonly store: ArtifactStore;
  readonly close: () => Promise<void>;
}

/** Runs the suite against stores that `open` makes, one new store a test. */
export function describeArtifactStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the promises of an artifact store`, () => {
    let opened: OpenedStore;
    let store: ArtifactStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    test('a document is read back byte for byte', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

      await store.put('a/b/document.bin', bytes);

      expect(new Uint8Array((await store.get('a/b/document.bin'))!)).toEqual(bytes);
    });

    test('a document that was never written is undefined', async () => {
      expect(await store.get('nothing/here.json')).toBeUndefined();
    });

    test('a later put replaces the document', async () => {
      await store.put('document', 'a much longer first text');
      await store.put('document', 'second');

      expect(await textOf(store, 'document')).toBe('second');
    });

    test('a conditional put leaves an existing document alone and says so', async () => {
      await store.put('document', 'first');

      expect(await store.put('document', 'second', { ifAbsent: true })).toBe(false);
      expect(await textOf(store, 'document')).toBe('first');
    });

    test('of 20 concurrent creators exactly one wins, and its bytes stay (S2)', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uuid(), fc.integer({ min: 1, max: 20_000 }), async (key, size) => {
          const bodies = Array.from({ length: 20 }, (_, index) => `${index};`.repeat(size));

          const won = await Promise.all(
            bodies.map((body) => store.put(`race/${key}`, body, { ifAbsent: true })),
          );

          expect(won.filter(Boolean)).toHaveLength(1);
          expect(await textOf(store, `race/${key}`)).toBe(bodies[won.indexOf(true)]);
        }),
        { numRuns: 15 },
      );
    });

    test('a reader never meets a part of a document that is being replaced (S1)', async () => {
      const bodies = ['x', 'y'].map((letter) => letter.repeat(2_000_000));
      await store.put('document', bodies[0]!);

      const writing = putInTurn(store, 'document', bodies, 20);
      const seen = await readWhile(writing, () => textOf(store, 'document'));

      expect(seen.filter((text) => !bodies.includes(text!)).map((text) => text?.length)).toEqual(
        [],
      );
      expect(seen.length).toBeGreaterThan(5);
    });

    test('list gives the keys below a folder in byte order, with their sizes', async () => {
      const keys = ['runs/a/x', 'runs/a-b/x', 'runs/a.b', 'runs/B/x', 'runs/a/b/c', 'runsx/y'];
      for (const key of keys) await store.put(key, key);

      const listed = await allOf(store.list('runs'));

      expect(listed.map(({ key, sizeBytes }) => [key, sizeBytes])).toEqual([
        ['runs/B/x', 8],
        ['runs/a-b/x', 10],
        ['runs/a.b', 8],
        ['runs/a/b/c', 10],
        ['runs/a/x', 8],
      ]);
    });

    test('list of the whole store holds every document and nothing else', async () => {
      await store.put('one', '1');
      await store.put('two/three', '23');

      expect((await allOf(store.list(''))).map(({ key }) => key)).toEqual(['one', 'two/three']);
    });

    test('list says when a document was written', async () => {
      const before = Date.now();
      await store.put('document', 'text');

      const [listed] = await allOf(store.list(''));

      // 2 s: the resolution of coarse file systems and of S3's Last-Modified.
      expect(Math.abs(listed!.modifiedAtMs - before)).toBeLessThan(2_000);
    });

    test('list and listFolders of a folder that does not exist are empty', async () => {
      expect(await allOf(store.list('nowhere'))).toEqual([]);
      expect(await store.listFolders('nowhere')).toEqual([]);
    });

    test('listFolders names the folders directly below, sorted', async () => {
      for (const key of ['runs/b/x/y', 'runs/a/x', 'runs/a-b/x', 'runs/file']) {
        await store.put(key, '');
      }

      expect(await store.listFolders('runs')).toEqual(['a', 'a-b', 'b']);
    });

    test('remove takes a document away, and may be repeated', async () => {
      await store.put('a/document', 'text');

      await store.remove('a/document');
      await store.remove('a/document');

      expect(await store.get('a/document')).toBeUndefined();
    });

    test('remove of a folder takes everything below it and no neighbour', async () => {
      for (const key of ['a/1', 'a/b/2', 'ab/3']) await store.put(key, '');

      await store.remove('a');

      expect((await allOf(store.list(''))).map(({ key }) => key)).toEqual(['ab/3']);
    });

    test.each([
      '',
      '..',
      'a/../b',
      '/a',
      'a//b',
      'a b',
      '.tmp/x',
      'a%2fb',
      'a%252e%252e/b',
      'a\0b',
    ])('the key %j is refused by every call (S3)', async (key) => {
      const refusal = expect.objectContaining({ code: 'E_STORE_KEY' }) as Error;

      expect(() => store.uriOf(key)).toThrow(refusal);
      await expect(store.put(key, '')).rejects.toThrow(refusal);
      await expect(store.remove(key)).rejects.toThrow(refusal);
      await expect(store.stage(key)).rejects.toThrow(refusal);
    });

    test('an address leads back to its key', () => {
      const key = 'runs/r/tasks/train/_attempts/1/outputs/model';

      expect(store.keyOf(store.uriOf(key))).toBe(key);
    });

    test.each([
      'https://example.org/a',
      's3://another-bucket/a',
      'file:///etc/passwd',
      'file://server/share/a',
      'a/b',
      '',
    ])('the address %j is of no key of this store', async (uri) => {
      expect(store.keyOf(uri)).toBeUndefined();
      await expect(store.localPath(uri)).rejects.toThrow(
        expect.objectContaining({ code: 'E_ARTIFACT' }) as Error,
      );
    });

    test('addresses that climb out of the store have no key, encoded or not', () => {
      const inside = store.uriOf('a');

      for (const climb of ['/../../b', '/%2e%2e/%2e%2e/b', '/%252e%252e/b', '/..%2f..%2fb']) {
        expect(store.keyOf(inside + climb)).toBeUndefined();
      }
    });

    test('a published file has the digest and size of its bytes, at its final address', async () => {
      const staging = await store.stage('runs/r/tasks/t/_attempts/1');
      await mkdir(join(staging.folder, 'outputs'));
      await writeFile(join(staging.folder, 'outputs/model'), 'weights');

      const content = await staging.publish('outputs/model');

      expect(content).toEqual({ digest: sha256Of('weights'), sizeBytes: 7, kind: 'file' });
      const uri = staging.outputUri('outputs/model');
      expect(uri).toBe(store.uriOf('runs/r/tasks/t/_attempts/1/outputs/model'));
      expect(await readFile(await store.localPath(uri), 'utf8')).toBe('weights');
      expect(await store.inspect(uri)).toEqual(content);
    });

    test('a published folder is digested by its sorted listing', async () => {
      const staging = await store.stage('attempt');
      await mkdir(join(staging.folder, 'model/b'), { recursive: true });
      await writeFile(join(staging.folder, 'model/b/c'), 'C');
      await writeFile(join(staging.folder, 'model/a é'), 'A');
      await writeFile(join(staging.folder, 'model/b.txt'), 'B');

      const content = await staging.publish('model');

      const hex = (text: string) => sha256Of(text).slice('sha256:'.length);
      const listing = `${hex('A')}  a é\n${hex('B')}  b.txt\n${hex('C')}  b/c\n`;
      expect(content).toEqual({ digest: sha256Of(listing), sizeBytes: 3, kind: 'folder' });
      expect(await store.inspect(staging.outputUri('model'))).toEqual(content);
    });

    test('publishing again gives the same content', async () => {
      const staging = await store.stage('attempt');
      await writeFile(join(staging.folder, 'output'), 'bytes');
      const first = await staging.publish('output');

      const again = await (await store.stage('attempt')).publish('output');

      expect(again).toEqual(first);
    });

    test('a folder without files is an artifact, and has the digest of nothing', async () => {
      const staging = await store.stage('attempt');
      await mkdir(join(staging.folder, 'empty'));

      const content = await staging.publish('empty');

      expect(content).toEqual({ digest: sha256Of(''), sizeBytes: 0, kind: 'folder' });
      expect(await store.inspect(staging.outputUri('empty'))).toEqual(content);
    });

    test('what was published stays after the attempt was released', async () => {
      const staging = await store.stage('attempt');
      await writeFile(join(staging.folder, 'output'), 'bytes');
      const content = await staging.publish('output');

      await staging.release();
      await staging.release();

      expect(await store.inspect(staging.outputUri('output'))).toEqual(content);
      const copy = await store.localPath(staging.outputUri('output'));
      expect(await readFile(copy, 'utf8')).toBe('bytes');
    });

    test('publishing what the task never wrote gives undefined', async () => {
      const staging = await store.stage('attempt');

      expect(await staging.publish('outputs/metrics')).toBeUndefined();
      expect(await store.inspect(staging.outputUri('outputs/metrics'))).toBeUndefined();
    });

    test('staging the same key again finds what was written there', async () => {
      const first = await store.stage('attempt');
      await writeFile(join(first.folder, 'output'), 'bytes');

      const again = await store.stage('attempt');

      expect(await readFile(join(again.folder, 'output'), 'utf8')).toBe('bytes');
    });

    test('a discarded attempt leaves nothing, published or not', async () => {
      const staging = await store.stage('run/attempt');
      await writeFile(join(staging.folder, 'output'), 'bytes');
      await writeFile(join(staging.folder, 'scratch'), 'bytes');
      await staging.publish('output');

      await staging.discard();

      expect(await store.inspect(staging.outputUri('output'))).toBeUndefined();
      expect(await allOf(store.list('run'))).toEqual([]);
    });

    test('an output that is a link is refused (S4)', async () => {
      const staging = await store.stage('attempt');
      await symlink('/etc/passwd', join(staging.folder, 'output'));

      await expect(staging.publish('output')).rejects.toThrow(
        expect.objectContaining({ code: 'E_ARTIFACT' }) as Error,
      );
    });

    test.each(['/etc/passwd', '../outside', 'missing', '.'])(
      'an output folder holding a link to %s is refused (S4)',
      async (target) => {
        const staging = await store.stage('attempt');
        await writeFile(join(staging.folder, 'outside'), 'not of the artifact');
        await mkdir(join(staging.folder, 'output'));
        await symlink(target, join(staging.folder, 'output/link'));

        await expect(staging.publish('output')).rejects.toThrow(
          expect.objectContaining({ code: 'E_ARTIFACT' }) as Error,
        );
      },
    );

    test('a link to a file of the same artifact counts as that file (S4)', async () => {
      const staging = await store.stage('attempt');
      for (const folder of ['linked', 'copied']) await mkdir(join(staging.folder, folder));
      await writeFile(join(staging.folder, 'linked/a'), 'same');
      await symlink('a', join(staging.folder, 'linked/b'));
      await writeFile(join(staging.folder, 'copied/a'), 'same');
      await writeFile(join(staging.folder, 'copied/b'), 'same');

      const linked = await staging.publish('linked');

      expect(linked).toEqual(await staging.publish('copied'));
    });

    test('an output path that leaves the attempt is refused', async () => {
      const staging = await store.stage('run/attempt');

      await expect(staging.publish('../other')).rejects.toThrow(
        expect.objectContaining({ code: 'E_STORE_KEY' }) as Error,
      );
    });
  });
}

async function textOf(store: ArtifactStore, key: string): Promise<string | undefined> {
  const bytes = await store.get(key);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

async function putInTurn(
  store: ArtifactStore,
  key: string,
  bodies: readonly string[],
  times: number,
): Promise<void> {
  for (let time = 0; time < times; time += 1) await store.put(key, bodies[time % bodies.length]!);
}

async function readWhile<T>(writing: Promise<void>, read: () => Promise<T>): Promise<T[]> {
  const seen: T[] = [];
  let isWriting = true;
  const end = writing.finally(() => (isWriting = false));
  while (isWriting) seen.push(await read());
  await end;
  return seen;
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
