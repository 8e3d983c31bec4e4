// A folder that others write to, on moto and on the fake SageMaker's own objects: listed in pages, copied once.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeSageMaker } from '../../../src/devserver/fake-sagemaker/index.js';
import {
  openStore,
  type ArtifactStore,
  type ExternalFile,
  type ExternalFolder,
} from '../../../src/storage/index.js';
import { runLimited } from '../../../src/storage/s3/run-limited.js';
import { startFaultProxy, type FaultProxy } from '../../support/s3/fault-proxy.js';
import { clientFor, makeBucket, optionsFor, TEST_CREDENTIALS } from '../../support/s3/s3-server.js';
import { moto, startMoto } from '../deploy/moto-server.js';

if ('missing' in moto) console.warn(`SKIPPED: folders of others on moto (${moto.missing})`);

const startFake = async () => {
  const fake = await startFakeSageMaker();
  return { url: fake.url, bucket: 'captures', close: () => fake.close() };
};
const startMotoBucket = async () => {
  const server = await startMoto('python' in moto ? moto.python : '');
  return { url: server.url, bucket: await makeBucket(server.url), close: () => server.close() };
};
const SERVERS = [
  { name: 'the fake', start: startFake, isMissing: false },
  { name: 'moto', start: startMotoBucket, isMissing: 'missing' in moto },
];
const PAGE_SIZE = 10;

describe.each(SERVERS)('a folder of others on $name', ({ start, isMissing }) => {
  let server: Awaited<ReturnType<typeof start>>;
  let proxy: FaultProxy;
  let folder: string;
  let store: ArtifactStore;
  let place: ExternalFolder;
  beforeAll(async () => {
    if (isMissing) return;
    Object.assign(process.env, TEST_CREDENTIALS);
    server = await start();
    proxy = await startFaultProxy(server.url);
  });
  afterAll(async () => {
    await proxy?.close();
    server?.close();
  });
  beforeEach(async () => {
    if (isMissing) return;
    folder = await mkdtemp(join(tmpdir(), 'anneal-others-'));
    store = await openStore(`file://${folder}/store`, {
      cacheFolder: join(folder, 'cache'),
      s3: { ...optionsFor(proxy.url), pageSize: PAGE_SIZE },
    });
    place = await store.openExternalFolder(`s3://${server.bucket}/captured`);
  });
  afterEach(async () => {
    if (isMissing) return;
    proxy.decide = () => 'pass';
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (paths: readonly string[]): Promise<void> => {
    const client = clientFor(server.url);
    await runLimited(paths, 16, (path) => {
      const Key = `captured/${path}`;
      return client.send(new PutObjectCommand({ Bucket: server.bucket, Key, Body: path }));
    });
    client.destroy();
  };
  const all = async (path: string, after?: string): Promise<ExternalFile[]> => {
    const files: ExternalFile[] = [];
    for await (const file of place.files(path, after)) files.push(file);
    return files;
  };

  test.skipIf(isMissing)('is listed to its end, over pages, and from a key on', async () => {
    const paths = Array.from(
      { length: 2 * PAGE_SIZE + 5 },
      (_, number) => `paged/one/${String(number).padStart(4, '0')}.jsonl`,
    );
    await write([...paths, 'paged/two/x.jsonl']);
    proxy.seen.length = 0;

    const files = await all('paged/one');
    const pages = proxy.seen.length;
    const later = await all('paged/one', paths.at(-3));

    expect(files.map(({ path }) => path)).toEqual(paths);
    expect(pages).toBe(3);
    expect(later.map(({ path }) => path)).toEqual(paths.slice(-2));
    expect(await place.folders('paged')).toEqual(['one', 'two']);
    expect(await all('nothing')).toEqual([]);
  });

  test.skipIf(isMissing)(
    'is copied once: only what is new is downloaded, by reads alone',
    async () => {
      await write(['kept/06/a.jsonl', 'kept/07/b.jsonl']);
      const fetchBoth = async (): Promise<string[]> => [
        await place.fetch('kept/06', await all('kept/06')),
        await place.fetch('kept/07', await all('kept/07')),
      ];
      await fetchBoth();
      proxy.seen.length = 0;
      await write(['kept/07/c.jsonl']);

      const [, second] = await fetchBoth();

      const read = proxy.seen.filter(({ url }) => !url.includes('list-type'));
      const names = new Set(read.map(({ url }) => url.split('?')[0]!.split('kept/')[1]));
      expect([...names].sort()).toEqual(['07/b.jsonl', '07/c.jsonl']); // the hour is copied as a whole
      expect([...new Set(proxy.seen.map(({ method }) => method))].sort()).toEqual(['GET', 'HEAD']);
      expect(await readFile(join(second!, 'c.jsonl'), 'utf8')).toBe('kept/07/c.jsonl');
    },
  );

  test.skipIf(isMissing)('of which a file is gone says so', async () => {
    await write(['gone/a.jsonl']);
    const files = await all('gone');
    const lost = files.map((file) => ({ ...file, path: 'gone/b.jsonl' }));

    await expect(place.fetch('gone', lost)).rejects.toMatchObject({ code: 'E_ARTIFACT' });
  });

  test.skipIf(isMissing).each([
    [{ status: 403, code: 'AccessDenied' }, 'access denied'],
    [{ status: 400, code: 'KMS.DisabledException' }, 'the KMS key refuses'],
    [{ status: 404, code: 'NoSuchBucket' }, 'the bucket does not exist'],
  ])('that cannot be listed says why: %j', async (fault, reason) => {
    proxy.decide = () => fault;

    await expect(all('denied')).rejects.toMatchObject({
      code: 'E_STORE',
      retryable: false,
      details: { reason },
    });
  });
});

test('an address of elsewhere is refused', async () => {
  const store = await openStore(`file://${tmpdir()}/anneal-elsewhere`, { cacheFolder: tmpdir() });

  await expect(store.openExternalFolder('https://bucket/captured')).rejects.toMatchObject({
    code: 'E_INPUT_NOT_FOUND',
  });
});
