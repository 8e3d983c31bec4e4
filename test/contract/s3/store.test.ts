// The S3 store on real servers: what every artifact store promises, and what only S3 can get wrong.

import { afterAll, beforeAll, describe } from 'vitest';
import { s3ServerKinds } from '../../support/s3/s3-servers.js';
import type { S3Server } from '../../support/s3/s3-server.js';
import { temporaryS3Store } from '../../support/s3/temporary-s3-store.js';
import { describeArtifactStore } from '../artifact-store.js';
import { describeS3Store } from './s3-store.js';

describe.each(s3ServerKinds())('on $name', ({ missing, start }) => {
  describe.skipIf(missing !== undefined)('a bucket', { timeout: 120_000 }, () => {
    let server: S3Server;
    beforeAll(async () => {
      server = await start();
    }, 600_000);
    afterAll(() => server.close());

    describeArtifactStore('an S3 bucket', () => temporaryS3Store(server.url));
    describeS3Store(() => server.url);
  });
});
