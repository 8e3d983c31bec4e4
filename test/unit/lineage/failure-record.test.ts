import { expect, test } from 'vitest';
import { readFailure, writeFailure, type FailureRecord } from '../../../src/lineage/index.js';
import { temporaryStore } from './temporary-store.js';

test('why a try failed is kept beside its log, one record a try', async () => {
  const store = await temporaryStore();
  const failure: FailureRecord = {
    schemaVersion: 1,
    run: { runId: 'r', pipeline: 'churn', digest: `sha256:${'0'.repeat(64)}` },
    task: 'train',
    component: 'comp-train',
    attempt: 1,
    error: { code: 'E_TASK_EXIT', message: 'It ended with 1.', details: { exitCode: 1 } },
    startedAt: '2025-01-01T00:00:00Z',
    finishedAt: '2025-01-01T00:00:01Z',
  };

  const key = await writeFailure(store, failure);

  expect(key).toBe('runs/r/tasks/train/_attempts/1/failure.json');
  expect(await readFailure(store, 'r', 'train', 1)).toEqual(failure);
  expect(await readFailure(store, 'r', 'train', 2)).toBeUndefined();
});
