import { expect, test } from 'vitest';
import type { RunView } from '../../../src/contract/index.js';
import { keys, listRunRecords, readRunRecord, writeRunRecord } from '../../../src/lineage/index.js';
import { temporaryStore } from './temporary-store.js';

const runOf = (runId: string, startedAt: string): RunView => ({
  runId,
  pipeline: 'churn',
  digest: 'sha256:0',
  status: 'succeeded',
  startedAt,
  parameters: { data_path: 'a.csv' },
  outputs: {},
  tasks: [],
  warnings: [],
});

test('a run is read back as it was recorded', async () => {
  const store = await temporaryStore();
  const run = runOf('r1', '2025-01-01T00:00:00Z');

  await writeRunRecord(store, run);

  expect(await readRunRecord(store, 'r1')).toEqual(run);
});

test('a run that was not recorded is undefined', async () => {
  expect(await readRunRecord(await temporaryStore(), 'r1')).toBeUndefined();
});

test('runs are listed from the newest, without those that have no record yet', async () => {
  const store = await temporaryStore();
  for (const day of ['2', '3', '1']) {
    await writeRunRecord(store, runOf(`r${day}`, `2025-01-0${day}T00:00:00Z`));
  }
  await store.put(keys.manifestKey('in-flight', 'train'), '{}');

  const { runs } = await listRunRecords(store);

  expect(runs.map(({ runId }) => runId)).toEqual(['r3', 'r2', 'r1']);
});

test('a damaged record is named and does not hide the others', async () => {
  const store = await temporaryStore();
  await writeRunRecord(store, runOf('good', '2025-01-01T00:00:00Z'));
  await store.put(keys.runRecordKey('bad'), '{"runId": "bad"');

  const { runs, damaged } = await listRunRecords(store);

  expect(runs.map(({ runId }) => runId)).toEqual(['good']);
  expect(damaged).toEqual(['runs/bad/run.json']);
});
