import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalStore } from '../../../src/storage/index.js';
import { describeArtifactStore } from '../../contract/artifact-store.js';

// A space, a percent sign and a letter beyond ASCII: addresses must encode them.
describeArtifactStore('a local folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anneal store 100% é-'));
  return {
    store: await openLocalStore(join(folder, 'store')),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});
