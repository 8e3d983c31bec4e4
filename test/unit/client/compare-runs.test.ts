import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../src/client/index.js';
import type { RunView, TaskView } from '../../../src/contract/index.js';

function viewOf(runId: string, depth: number | undefined, accuracy: number): RunView {
  const train: TaskView = {
    name: 'train',
    kind: 'container',
    status: 'succeeded',
    cached: false,
    attempts: 1,
    outputs: {
      parameters: { passed: true, note: 'a text' },
      artifacts: {
        metrics: [artifact('system.Metrics', { accuracy, rows: 80 })],
        heldOut: [artifact('system.Metrics', { rows: 20, classes: ['a'] })],
        data: [artifact('system.Dataset', { rows: 5 })],
      },
    },
  };
  return {
    runId,
    pipeline: 'p',
    version: 1,
    digest: 'sha256:00',
    status: 'succeeded',
    startedAt: '2026-01-02T03:04:05.000Z',
    parameters: { rows: 100, ...(depth === undefined ? {} : { depth }) },
    outputs: {},
    tasks: [train, { ...train, name: 'group', kind: 'dag' }],
    warnings: [],
  };
}

const artifact = (type: string, metadata: Record<string, number | string[]>) => ({
  name: 'any',
  type,
  schemaVersion: '0.0.1',
  uri: 'file:///x',
  metadata,
});

describe('a comparison of runs', () => {
  test('has every metric once, the numbers of two outputs apart, and no number of a data set', () => {
    const { metrics } = compareRuns([viewOf('a', 3, 0.9), viewOf('b', 3, 0.95)]);

    expect(metrics).toEqual([
      { name: 'train.accuracy', values: [0.9, 0.95], differs: true },
      { name: 'train.metrics.rows', values: [80, 80], differs: false },
      { name: 'train.heldOut.rows', values: [20, 20], differs: false },
      { name: 'train.passed', values: [1, 1], differs: false },
    ]);
  });

  test('leaves a gap where a run has no such parameter', () => {
    const { parameters } = compareRuns([viewOf('a', undefined, 1), viewOf('b', 5, 1)]);

    expect(parameters).toEqual([
      { name: 'rows', values: [100, 100], differs: false },
      { name: 'depth', values: [null, 5], differs: true },
    ]);
  });
});
