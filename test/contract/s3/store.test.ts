// The S3 store on real servers: what every artifact store promises, and what only S3 can get wrong.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digestContent, sha256Of, verifyArtifact } from '../../../src/storage/index.js';
import { startFaultProxy } from '../../support/s3/fault-proxy.js';
import { optionsFor, type S3Server } from '../../support/s3/s3-server.js';
import { s3ServerKinds } from '../../support/s3/s3-servers.js';
import { temporaryS3Store, type TemporaryS3Store } from '../../support/s3/temporary-s3-store.js';
import { describeArtifactStore } from '../artifact-store.js';
import { describeModelRegistry } from '../model-registry.js';

/** Two parts and a rest. */
const LARGE_BYTES = 17 * 1024 * 1024 + 5;
const code = (wanted: string): Error => expect.objectContaining({ code: wanted }) as Error;

describe.each(s3ServerKinds())('on $name', ({ missing, start }) => {
  describe.skipIf(missing !== undefined)('a bucket', { timeout: 120_000 }, () => {
    let server: S3Server;
    beforeAll(async () => {
      server = await start();
    }, 600_000);
    afterAll(() => server.close());

    describeArtifactStore('an S3 bucket', () => temporaryS3Store(server.url));
    describeModelRegistry('an S3 bucket', () => temporaryS3Store(server.url));
    describeS3Store(() => server.url);
  });
});

/** What holds beyond the promises of every store, on the server that `url` gives; one new bucket a test. */
function describeS3Store(url: () => string): void {
  describe('an S3 bucket as artifact store', () => {
    let opened: TemporaryS3Store;
    beforeEach(async () => {
      opened = await temporaryS3Store(url());
    });
    afterEach(() => opened.close());

    const keyOf = (key: string): { Bucket: string; Key: string } => ({
      Bucket: opened.bucket,
      Key: opened.prefix + key,
    });
    /** Writes an object as someone else would. */
    const putDirectly = (key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
      opened.client.send(new PutObjectCommand({ ...keyOf(key), Body, ...more }));

    test('a large file goes up in parts and comes back byte for byte', async () => {
      const staging = await opened.store.stage('attempt');
      await writeNoise(join(staging.folder, 'model'), LARGE_BYTES);
      const digest = await sha256OfFile(join(staging.folder, 'model'));

      const content = await staging.publish('model');

      expect(content).toEqual({ digest, sizeBytes: LARGE_BYTES, kind: 'file' });
      const { ETag } = await opened.client.send(new HeadObjectCommand(keyOf('attempt/model')));
      expect(ETag).toMatch(/-3"?$/);
      const elsewhere = await opened.reopen({ cacheFolder: join(opened.cacheFolder, 'other') });
      const copy = await elsewhere.localPath(staging.outputUri('model'));
      expect(await sha256OfFile(copy)).toBe(digest);
      expect(await elsewhere.inspect(staging.outputUri('model'))).toEqual(content);
    });

    test('a folder of more files than a page holds is listed and removed, in order', async () => {
      const files = 25;
      const store = await opened.reopen({ s3: { ...optionsFor(url()), pageSize: 10 } });
      const staging = await store.stage('attempt');
      await mkdir(join(staging.folder, 'images'));
      for (let number = 0; number < files; number += 1) {
        await writeFile(join(staging.folder, 'images', `${number}.txt`), String(number));
      }
      const expected = (await digestContent(join(staging.folder, 'images')))!.content;

      const content = await staging.publish('images');

      expect(content).toEqual(expected);
      expect(await store.inspect(staging.outputUri('images'))).toEqual(expected);
      const keys: string[] = [];
      for await (const { key } of store.list('attempt/images')) keys.push(key);
      expect(keys).toHaveLength(files);
      expect(keys).toEqual([...keys].sort());
      await store.remove('attempt');
      expect(await store.inspect(staging.outputUri('images'))).toBeUndefined();
    });

    test.each(['model', 'model/weights'])(
      'a byte that was changed in the bucket is found (%s)',
      async (changed) => {
        const staging = await opened.store.stage('attempt');
        if (changed.includes('/')) await mkdir(join(staging.folder, 'model'));
        await writeFile(join(staging.folder, changed), 'weights');
        const { digest } = (await staging.publish('model'))!;
        const uri = staging.outputUri('model');

        await putDirectly(`attempt/${changed}`, 'weightz');

        await expect(verifyArtifact(opened.store, uri, digest)).rejects.toThrow(code('E_DIGEST'));
        const copy = (await digestContent(await opened.store.localPath(uri)))!;
        expect(copy.content.digest).not.toBe(digest);
      },
    );

    test('bytes that do not match the checksum kept with them are never handed out', async () => {
      const lie = createHash('sha256').update('other bytes').digest('base64');
      const written = putDirectly('attempt/model', 'weights', {
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: lie,
      });

      // A strict server refuses the lie; a lax one stores it, and the download tells.
      const isStored = await written.then(
        () => true,
        () => false,
      );
      const reading = opened.store.localPath(opened.store.uriOf('attempt/model'));

      await expect(reading).rejects.toThrow(code(isStored ? 'E_DIGEST' : 'E_ARTIFACT'));
    });

    test('publishing again uploads only what is not there', async () => {
      const proxy = await startFaultProxy(url());
      const store = await opened.reopen({ s3: optionsFor(proxy.url) });
      const staging = await store.stage('attempt');
      await mkdir(join(staging.folder, 'model'));
      for (const name of ['a', 'b']) await writeFile(join(staging.folder, 'model', name), name);
      await staging.publish('model');
      proxy.seen.length = 0;

      await rm(join(staging.folder, 'model/b'));
      await writeFile(join(staging.folder, 'model/c'), 'c');
      await staging.publish('model');

      const puts = proxy.seen.filter(({ method }) => method === 'PUT').map(({ url: path }) => path);
      expect(puts.map((path) => path.replace(/\?.*/, '').split('/').at(-1))).toEqual(['c']);
      const keys: string[] = [];
      for await (const { key } of store.list('attempt')) keys.push(key);
      expect(keys).toEqual(['attempt/model/a', 'attempt/model/c']);
      await proxy.close();
    });

    test('what was published is read here without a download', async () => {
      const proxy = await startFaultProxy(url());
      const store = await opened.reopen({ s3: optionsFor(proxy.url) });
      const staging = await store.stage('attempt');
      await writeFile(join(staging.folder, 'data'), 'rows');
      await staging.publish('data');
      await staging.release();

      const copy = await store.localPath(staging.outputUri('data'));

      expect(await readFile(copy, 'utf8')).toBe('rows');
      expect(
        proxy.seen.filter(({ method, url: path }) => method === 'GET' && /data\?/.test(path)),
      ).toEqual([]);
      await expect(lstat(staging.folder)).rejects.toThrow('ENOENT');
      await proxy.close();
    });

    test('of many callers in two processes one downloads', async () => {
      await putDirectly('attempt/data', 'rows');
      const proxy = await startFaultProxy(url());
      const stores = await Promise.all(
        [1, 2].map(() => opened.reopen({ s3: optionsFor(proxy.url) })),
      );
      const uri = opened.store.uriOf('attempt/data');

      const paths = await Promise.all(
        stores.flatMap((store) => [1, 2, 3].map(() => store.localPath(uri))),
      );

      expect(new Set(paths).size).toBe(1);
      const gets = proxy.seen.filter(
        ({ method, url: path }) => method === 'GET' && /data\?/.test(path),
      );
      expect(gets).toHaveLength(1);
      expect((await lstat(paths[0]!)).mode & 0o777).toBe(0o400);
      await proxy.close();
    });

    test('a restarted worker finds the attempt where the first one left it', async () => {
      const first = await opened.store.stage('runs/r/tasks/t/_attempts/1');
      await writeFile(join(first.folder, 'lease.json'), '{}');

      const again = await (await opened.reopen()).stage('runs/r/tasks/t/_attempts/1');

      expect(again.folder).toBe(first.folder);
      expect(await readdir(again.folder)).toEqual(['lease.json']);
    });

    test('attempts that nobody touched for a week are removed on opening, others stay', async () => {
      const [old, young, leased] = await Promise.all(
        ['old', 'young', 'leased'].map((key) => opened.store.stage(key)),
      );
      await mkdir(join(leased!.folder, '_execution'));
      await writeFile(join(leased!.folder, '_execution/lease.json'), '{}');
      const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
      for (const { folder } of [old!, leased!]) await utimes(folder, eightDaysAgo, eightDaysAgo);
      await rm(join(old!.folder, '..', '.swept'), { force: true });

      await opened.reopen();

      await expect(lstat(old!.folder)).rejects.toThrow('ENOENT');
      expect((await lstat(young!.folder)).isDirectory()).toBe(true);
      expect((await lstat(leased!.folder)).isDirectory()).toBe(true);
    });

    test('copies that nobody uses make room; those in use and of the last hour stay', async () => {
      const rows = 'x'.repeat(1000);
      for (const key of ['a/idle', 'a/used', 'a/new', 'a/last']) await putDirectly(key, rows);
      let nowMs = Date.now();
      const store = await opened.reopen({ cacheBytes: 2500, now: () => nowMs });
      const copyOf = (key: string, inUse?: AbortSignal): Promise<string> =>
        store.localPath(store.uriOf(`a/${key}`), inUse);
      const ended = new AbortController();
      const idle = await copyOf('idle');
      const used = await copyOf('used', ended.signal);
      nowMs += 2 * 3600 * 1000;
      const recent = await copyOf('new');

      await copyOf('last');

      await expect(lstat(idle)).rejects.toThrow('ENOENT');
      expect((await lstat(used)).size).toBe(1000);
      expect((await lstat(recent)).size).toBe(1000);
      ended.abort();
    });

    describe('adopt', () => {
      const adopted = async (expected?: Parameters<typeof adopt>[1]) => adopt('model', expected);
      async function adopt(
        path: string,
        expected?: { digest: string; sizeBytes: number; kind: 'file' | 'folder' },
      ) {
        const staging = await opened.store.stage('attempt');
        return staging.adopt(path, expected);
      }
      const weights = { digest: sha256Of('weights'), sizeBytes: 7, kind: 'file' } as const;

      test('takes over a file that another machine wrote, checked or digested', async () => {
        await putDirectly('attempt/model', 'weights');

        expect(await adopted(weights)).toEqual(weights);
        expect(await adopted()).toEqual(weights);
      });

      test('takes over a folder', async () => {
        await putDirectly('attempt/model/a', 'weights');

        const listing = `${weights.digest.slice(7)}  a\n`;
        expect(await adopted()).toEqual({
          digest: sha256Of(listing),
          sizeBytes: 7,
          kind: 'folder',
        });
      });

      test('refuses what is not what that machine said', async () => {
        await putDirectly('attempt/model', 'weightz');

        await expect(adopted(weights)).rejects.toThrow(code('E_DIGEST'));
      });

      test('does not believe a digest that a task wrote beside its bytes', async () => {
        const lie = 'f'.repeat(64);
        await putDirectly('attempt/model', 'weights', {
          Metadata: { 'anneal-sha256': lie, 'anneal-sha256-parts': 'x' },
        });

        expect(await adopted()).toEqual(weights);
      });

      test('gives undefined when nothing is there', async () => {
        expect(await adopted(weights)).toBeUndefined();
      });
    });

    test.each(['..', 'a/../../b', '.', 'a\nb', 'a//b'])(
      'a folder with an object named %j is refused, and nothing is written outside',
      async (name) => {
        // Servers that keep files on disk refuse or normalise some of these names themselves.
        const isStored = await putDirectly(`attempt/model/${name}`, 'evil').then(
          () => true,
          () => false,
        );
        const uri = opened.store.uriOf('attempt/model');
        const found = await opened.client
          .send(new GetObjectCommand(keyOf(`attempt/model/${name}`)))
          .catch(() => undefined);
        if (!isStored || found === undefined) return;

        const outcome = await opened.store.localPath(uri).catch((error: unknown) => error);

        if (typeof outcome === 'string') expect(outcome).toContain(opened.cacheFolder);
        else expect(outcome).toMatchObject({ code: 'E_ARTIFACT' });
      },
    );

    test('links download each file of a folder, until they expire', async () => {
      const staging = await opened.store.stage('attempt');
      await mkdir(join(staging.folder, 'model'));
      await writeFile(join(staging.folder, 'model/weights é'), 'weights');
      await staging.publish('model');

      const links = await opened.store.downloadLinks(staging.outputUri('model'), 60);

      expect(links.map(({ relativePath }) => relativePath)).toEqual(['weights é']);
      expect(links[0]!.url).toContain('X-Amz-Expires=60');
      expect(await (await fetch(links[0]!.url)).text()).toBe('weights');
      await expect(opened.store.downloadLinks(opened.store.uriOf('missing'), 60)).rejects.toThrow(
        code('E_ARTIFACT'),
      );
    });

    test('encryption is asked for with every write', async () => {
      const proxy = await startFaultProxy(url());
      const store = await opened.reopen({
        s3: { ...optionsFor(proxy.url), encryption: 'aws:kms', kmsKeyId: 'key-1' },
      });
      const asked: unknown[] = [];
      proxy.decide = ({ method, headers }) => {
        if (method !== 'PUT' && method !== 'POST') return 'pass';
        asked.push([
          headers['x-amz-server-side-encryption'],
          headers['x-amz-server-side-encryption-aws-kms-key-id'],
        ]);
        return { status: 400, code: 'Noted' };
      };

      await expect(store.put('document', 'text')).rejects.toThrow(code('E_STORE'));
      await expect(store.put('document', 'text', { ifAbsent: true })).rejects.toThrow(
        code('E_STORE'),
      );

      expect(asked).toEqual([
        ['aws:kms', 'key-1'],
        ['aws:kms', 'key-1'],
      ]);
      await proxy.close();
    });
  });
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

/** Bytes in which no two parts are alike, the same each time. */
async function writeNoise(path: string, sizeBytes: number): Promise<void> {
  const file = await open(path, 'w');
  let block = createHash('sha256').update('seed').digest();
  const chunk = Buffer.alloc(1024 * 1024);
  for (let written = 0; written < sizeBytes; written += chunk.length) {
    block = createHash('sha256').update(block).digest();
    chunk.fill(block);
    await file.write(chunk.subarray(0, Math.min(chunk.length, sizeBytes - written)));
  }
  await file.close();
}
