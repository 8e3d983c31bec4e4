import { expect, test } from 'vitest';
import type { ArtifactRef } from '../../../src/contract/index.js';
import {
  keys,
  lineageOf,
  publishManifest,
  type ExecutionManifest,
} from '../../../src/lineage/index.js';
import type { ArtifactStore } from '../../../src/storage/index.js';
import { holding, manifestOf, publishOutput, temporaryStore } from './temporary-store.js';

test('a model leads back to its code and its imported data, and on to what used it', async () => {
  const store = await temporaryStore();
  const { raw, model } = await publishRun(store, 'r1', '2025-01-01');

  const lineage = await lineageOf(store, model.digest!);

  expect(namesOf(lineage.madeBy)).toEqual(['r1 train']);
  expect(namesOf(lineage.usedBy)).toEqual(['r1 evaluate']);
  expect(namesOf(lineage.upstream.executions)).toEqual(['r1 import', 'r1 split', 'r1 train']);
  expect(lineage.upstream.sources).toEqual([raw]);
});

test('a data set answers what was made from it in every run', async () => {
  const store = await temporaryStore();
  const { raw } = await publishRun(store, 'r1', '2025-01-01');
  await publishRun(store, 'r2', '2025-01-02');

  expect(namesOf((await lineageOf(store, raw.digest!)).usedBy)).toEqual(['r1 split', 'r2 split']);
});

test('upstream stays within the runs that took part, though others made the same bytes (Q1)', async () => {
  const store = await temporaryStore();
  const { model } = await publishRun(store, 'r1', '2025-01-01');
  await publishRun(store, 'r2', '2025-01-02');
  await store.remove(keys.manifestKey('r1', 'train'));

  const { upstream } = await lineageOf(store, model.digest!);

  expect(namesOf(upstream.executions)).toEqual(['r2 import', 'r2 split', 'r2 train']);
});

test('a cached execution counts as reuse; the original made the bytes', async () => {
  const store = await temporaryStore();
  const { model } = await publishRun(store, 'r1', '2025-01-01');
  const cachedFrom = { runId: 'r1', task: 'train', manifestKey: keys.manifestKey('r1', 'train') };
  await publishManifest(store, manifestOf('r2', 'train', { cachedFrom, outputs: holding(model) }));

  const lineage = await lineageOf(store, model.digest!);

  expect(namesOf(lineage.madeBy)).toEqual(['r1 train']);
  expect(namesOf(lineage.reusedBy)).toEqual(['r2 train']);
});

test('an input that no recorded execution made is a source', async () => {
  const store = await temporaryStore();
  const { model } = await publishRun(store, 'r1', '2025-01-01');
  await store.remove(keys.manifestKey('r1', 'split'));

  const { upstream } = await lineageOf(store, model.digest!);

  expect(upstream.sources.map(({ name }) => name)).toEqual(['train_data']);
});

test('a task that gives out its own input does not loop for ever (Q2)', async () => {
  const store = await temporaryStore();
  const same = await publishOutput(store, { runId: 'r', task: 'copy', name: 'same' }, 'bytes');
  const manifest = manifestOf('r', 'copy', { inputs: holding(same), outputs: holding(same) });
  await publishManifest(store, manifest);

  expect((await lineageOf(store, same.digest!)).upstream.executions).toEqual([manifest]);
});

test('bytes that nobody made have no lineage', async () => {
  const lineage = await lineageOf(await temporaryStore(), `sha256:${'0'.repeat(64)}`);

  expect(lineage.madeBy).toEqual([]);
  expect(lineage.upstream).toEqual({ executions: [], sources: [] });
});

/** import → split → train → evaluate, with the same bytes in every run. */
async function publishRun(
  store: ArtifactStore,
  runId: string,
  day: string,
): Promise<{ raw: ArtifactRef; model: ArtifactRef }> {
  const raw = await publishOutput(store, { runId, task: 'import', name: 'artifact' }, 'raw rows');
  const train = await publishOutput(store, { runId, task: 'split', name: 'train_data' }, 'rows');
  const model = await publishOutput(store, { runId, task: 'train', name: 'model' }, 'weights');
  const steps: [string, Partial<ExecutionManifest>][] = [
    ['import', { runner: 'importer', outputs: holding(raw) }],
    ['split', { inputs: holding(raw), outputs: holding(train) }],
    ['train', { inputs: holding(train), outputs: holding(model) }],
    ['evaluate', { inputs: holding(model) }],
  ];
  for (const [index, [task, changes]] of steps.entries()) {
    const startedAt = `${day}T00:00:0${index}Z`;
    await publishManifest(store, manifestOf(runId, task, { ...changes, startedAt }));
  }
  return { raw, model };
}

function namesOf(executions: readonly ExecutionManifest[]): string[] {
  return executions.map(({ run, task }) => `${run.runId} ${task}`);
}
