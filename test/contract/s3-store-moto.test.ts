import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/storage/index.js';
import { makeBucket, optionsFor, TEST_CREDENTIALS } from '../support/s3/s3-server.js';
import { describeArtifactStore } from './artifact-store.js';
import { moto, startMoto, type MotoServer } from './deploy/moto-server.js';

if ('missing' in moto) console.warn(`SKIPPED: the S3 store on moto (${moto.missing})`);

describe.skipIf('missing' in moto)('on moto', () => {
  let server: MotoServer;
  beforeAll(async () => {
    Object.assign(process.env, TEST_CREDENTIALS);
    server = await startMoto('python' in moto ? moto.python : '');
  });
  afterAll(() => server.close());

  describeArtifactStore('an S3 bucket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anneal-s3-'));
    const store = await openStore(`s3://${await makeBucket(server.url)}/projects/one`, {
      cacheFolder: join(folder, 'cache'),
      s3: optionsFor(server.url),
    });
    return { store, close: () => rm(folder, { recursive: true, force: true }) };
  });
});
