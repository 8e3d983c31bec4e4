import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalStore } from '../../src/storage/index.js';
import { describeModelRegistry } from './model-registry.js';

describeModelRegistry('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anneal-models-'));
  const store = await openLocalStore(folder);
  return { store, close: () => rm(folder, { recursive: true, force: true }) };
});
