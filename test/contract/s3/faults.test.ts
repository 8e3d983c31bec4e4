// Bad days between a store and its server. Each test says how often its fault struck: one that did not proves nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isAnnealError } from '../../../src/errors/index.js';
import { openStore, type ArtifactStore } from '../../../src/storage/index.js';
import { startFaultProxy, type Fault, type FaultProxy } from '../../support/s3/fault-proxy.js';
import { optionsFor, TEST_CREDENTIALS } from '../../support/s3/s3-server.js';
import { temporaryS3Store, type TemporaryS3Store } from '../../support/s3/temporary-s3-store.js';
import { compileSources } from '../../unit/storage/compile-sources.js';
import { moto, startMoto, type MotoServer } from '../deploy/moto-server.js';

if ('missing' in moto) console.warn(`SKIPPED: faults of S3 (${moto.missing})`);

describe.skipIf('missing' in moto)('a store in S3', { timeout: 120_000 }, () => {
  let server: MotoServer;
  let opened: TemporaryS3Store;
  let proxy: FaultProxy;
  let store: ArtifactStore;
  beforeAll(async () => {
    Object.assign(process.env, TEST_CREDENTIALS);
    server = await startMoto('python' in moto ? moto.python : '');
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    opened = await temporaryS3Store(server.url);
    proxy = await startFaultProxy(server.url);
    store = await opened.reopen({ s3: optionsFor(proxy.url) });
  });
  afterEach(async () => {
    await proxy.close();
    await opened.close();
  });

  /** Lets a fault strike the first requests that match. @returns how often it has struck */
  const strike = (method: string, fault: Fault, times = Infinity): (() => number) => {
    let struck = 0;
    proxy.decide = (seen) => {
      if (seen.method !== method || struck >= times) return 'pass';
      struck += 1;
      return fault;
    };
    return () => struck;
  };
  const failure = async (work: Promise<unknown>) => {
    const error: unknown = await work.catch((reason: unknown) => reason);
    if (!isAnnealError(error)) throw new Error(`no failure: ${String(error)}`);
    return error;
  };

  test('a create whose answer was lost is this caller’s success', async () => {
    const struck = strike('PUT', 'lose-reply', 1);

    const won = await store.put('manifest', 'mine', { ifAbsent: true });

    expect([won, struck()]).toEqual([true, 1]);
    expect(await store.put('manifest', 'other', { ifAbsent: true })).toBe(false);
  });

  test('of 20 creators whose first answers are all lost exactly one wins', async () => {
    const struck = strike('PUT', 'lose-reply', 20);

    const won = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        store.put('manifest', String(number), { ifAbsent: true }),
      ),
    );

    expect(struck()).toBe(20);
    expect(won.filter(Boolean)).toHaveLength(1);
    const stored = Buffer.from((await store.get('manifest'))!).toString();
    expect(stored).toBe(String(won.indexOf(true)));
  });

  test('requests that are throttled are tried again', async () => {
    const struck = strike('PUT', { status: 503, code: 'SlowDown' }, 2);

    await store.put('document', 'text');

    expect(struck()).toBe(2);
    expect(Buffer.from((await store.get('document'))!).toString()).toBe('text');
  });

  test('throttling without end is a retryable error after some tries', async () => {
    const struck = strike('PUT', { status: 503, code: 'SlowDown' });

    const error = await failure(store.put('document', 'text'));

    expect(error).toMatchObject({ code: 'E_STORE', retryable: true });
    expect(error.message).toContain('the server asks for fewer requests');
    expect(struck()).toBe(5);
  });

  test('a download that breaks off goes on where it stopped', async () => {
    await opened.client.send(
      new PutObjectCommand({
        Bucket: opened.bucket,
        Key: `${opened.prefix}data`,
        Body: 'x'.repeat(300_000),
      }),
    );
    let breaks = 0;
    proxy.decide = ({ method, headers }) => {
      if (method !== 'GET' || breaks === 2) return 'pass';
      breaks += 1;
      expect(headers['range']).toBe(breaks === 1 ? undefined : 'bytes=100000-');
      return { cutAfterBytes: 100_000 };
    };

    const content = await store.inspect(store.uriOf('data'));

    expect(breaks).toBe(2);
    expect(content).toMatchObject({ sizeBytes: 300_000 });
    expect(content).toEqual(await opened.store.inspect(opened.store.uriOf('data')));
  });

  test('a server that sends a byte a second is given up', async () => {
    await store.put('document', 'a text of some length');
    const impatient = await opened.reopen({ s3: { ...optionsFor(proxy.url), patienceMs: 500 } });
    const struck = strike('GET', { bytesPerSecond: 1 });

    const error = await failure(impatient.get('document'));

    expect(error).toMatchObject({ code: 'E_STORE', retryable: true });
    expect(error.message).toContain('no answer in time');
    expect(struck()).toBeGreaterThan(1);
  });

  test.each([
    [403, 'InvalidAccessKeyId', 'the access key is not known', 'AWS_ACCESS_KEY_ID', false],
    [403, 'SignatureDoesNotMatch', 'secret key does not belong', 'AWS_SECRET_ACCESS_KEY', false],
    [400, 'ExpiredToken', 'have expired', 'Renew', true],
    [403, 'AccessDenied', 'access denied', 'store-policy.json', false],
    [403, 'RequestTimeTooSkewed', 'clock is wrong', 'NTP', false],
    [404, 'NoSuchBucket', 'the bucket does not exist', 'ANNEAL_STORE', false],
    [301, 'PermanentRedirect', 'the region eu-west-3', 'ANNEAL_S3_REGION=eu-west-3', false],
    [501, 'NotImplemented', 'does not know this request', 'docs/storage.md', false],
  ])('%i %s is said with its remedy', async (status, code, reason, remedy, retryable) => {
    const headers = { 'x-amz-bucket-region': 'eu-west-3' };
    const struck = strike('GET', { status, code, headers });

    const error = await failure(opened.reopen({ s3: optionsFor(proxy.url) }));

    expect(struck()).toBeGreaterThan(0);
    expect(error).toMatchObject({ code: 'E_STORE', exitCode: 4, retryable });
    expect(error.message).toContain(reason);
    expect(error.hint).toContain(remedy);
    const everything = JSON.stringify([error, error.stack, error.cause, error.details]);
    expect(everything).not.toContain(TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY);
    expect(everything).not.toContain('Signature=');
  });

  test('an address at which nothing listens is said at once', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();

    const error = await failure(opened.reopen({ s3: optionsFor(`http://127.0.0.1:${port}`) }));

    expect(error.message).toContain('nothing listens at that address');
    expect(error.hint).toContain('ANNEAL_S3_ENDPOINT');
  });

  test('without any credentials it says so', async () => {
    const { AWS_ACCESS_KEY_ID, ...kept } = process.env;
    process.env = { ...kept, HOME: opened.cacheFolder };
    const error = await failure(opened.reopen()).finally(() => {
      process.env = { ...kept, AWS_ACCESS_KEY_ID };
    });

    expect(error.message).toContain('there are no credentials');
    expect(error.hint).toContain('AWS_PROFILE');
  });

  test('kill -9 in mid-upload leaves nothing that is visible, and the next try succeeds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anneal-s3-crash-'));
    await compileSources(folder);
    const staging = await store.stage('attempt');
    await writeFile(join(staging.folder, 'model'), '');
    await truncate(join(staging.folder, 'model'), 40 * 1024 * 1024);

    const child = spawn(
      process.execPath,
      [
        join(folder, 'children/publish-to-s3.mjs'),
        `s3://${opened.bucket}/projects/one`,
        proxy.url,
        opened.cacheFolder,
      ],
      { stdio: 'inherit' },
    );
    const ended = once(child, 'exit');
    proxy.decide = ({ url }) => {
      if (url.includes('partNumber=')) child.kill('SIGKILL');
      return 'pass';
    };
    expect(await ended).toEqual([null, 'SIGKILL']);

    const { Uploads = [] } = await opened.client.send(
      new ListMultipartUploadsCommand({ Bucket: opened.bucket }),
    );
    expect(Uploads).toHaveLength(1); // it was in the middle of it
    expect(await opened.store.inspect(staging.outputUri('model'))).toBeUndefined();
    proxy.decide = () => 'pass';
    expect(await staging.publish('model')).toMatchObject({ sizeBytes: 40 * 1024 * 1024 });
    await rm(folder, { recursive: true });
  });
});

test('an address that is no bucket is refused before anything is asked', async () => {
  const options = { cacheFolder: join(tmpdir(), 'anneal-never-made') };
  for (const address of ['s3://', 's3://UPPER/x', 's3://bucket/a b', 's3://bucket/../x']) {
    await expect(openStore(address, options)).rejects.toThrow(
      expect.objectContaining({ code: 'E_CONFIG' }) as Error,
    );
  }
});
