// Runs "tasks" until it is killed: writes outputs, publishes them, publishes the manifest.
// Usage: node publish-outputs.mjs STORE RUN
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keys, publishManifest } from '../src/lineage/index.js';
import { openLocalStore } from '../src/storage/index.js';

const [root, runId] = process.argv.slice(2);
const store = await openLocalStore(root);
for (let number = 0; ; number += 1) {
  const task = `task-${number}`;
  const staging = await store.stage(keys.attemptFolder(runId, task, 1));
  await mkdir(join(staging.folder, 'model'));
  for (const name of ['a', 'b', 'c']) {
    await writeFile(join(staging.folder, 'model', name), `${name}${number}`.repeat(100_000));
  }
  const { digest, sizeBytes } = await staging.publish('model');
  const model = {
    name: 'model',
    type: 'system.Model',
    schemaVersion: '0.0.1',
    uri: staging.outputUri('model'),
    digest,
    sizeBytes,
    metadata: {},
  };
  await publishManifest(store, {
    schemaVersion: 1,
    run: { runId, pipeline: 'p', digest: `sha256:${'0'.repeat(64)}` },
    task,
    component: 'comp',
    attempt: 1,
    inputs: { parameters: {}, artifacts: {} },
    outputs: { parameters: {}, artifacts: { model: [model] } },
    runner: 'process',
    startedAt: new Date().toISOString(),
    finishedAt: new Date().toISOString(),
  });
}
