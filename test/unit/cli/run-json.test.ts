import { describe, expect, it } from 'vitest';
import { runJson } from '../../../src/cli/output/run-json.js';
import type { RunView } from '../../../src/contract/index.js';

const RUN: RunView = {
  runId: 'run-1',
  pipeline: 'demo',
  version: 2,
  digest: 'sha256:ab',
  status: 'failed',
  startedAt: '2026-01-31T09:45:02.000Z',
  finishedAt: '2026-01-31T09:45:12.000Z',
  parameters: { secret: 'not shown' },
  outputs: { accuracy: 0.9 },
  tasks: [
    {
      name: 'for-loop-1/2/train',
      kind: 'container',
      status: 'succeeded',
      cached: true,
      attempts: 1,
      startedAt: '2026-01-31T09:45:02.000Z',
      finishedAt: '2026-01-31T09:45:03.500Z',
      seconds: 1.5,
      manifestKey: 'runs/run-1/…',
      outputs: {
        parameters: { rows: 5 },
        artifacts: {
          model: [
            {
              name: 'model',
              type: 'system.Model',
              schemaVersion: '0.0.1',
              uri: 'file:///store/model',
              digest: 'sha256:cd',
              sizeBytes: 7,
              metadata: { framework: 'scikit-learn' },
            },
          ],
        },
      },
    },
    {
      name: 'deploy',
      kind: 'deploy',
      status: 'not_triggered',
      cached: false,
      attempts: 0,
      reason: 'train: failed',
    },
  ],
  deployment: { status: 'refused', endpoint: 'e', reason: '0.80 < 0.85', modelDigest: 'sha256:cd' },
  warnings: [],
  error: {
    code: 'E_DATA',
    message: 'No rows.',
    task: 'train',
    hint: 'Add rows.',
    details: { a: 1 },
  },
};

describe('the --json form of a run', () => {
  it('has exactly the documented fields', () => {
    expect(runJson(RUN)).toEqual({
      runId: 'run-1',
      pipeline: 'demo',
      digest: 'sha256:ab',
      status: 'failed',
      outputs: { accuracy: 0.9 },
      tasks: [
        {
          name: 'for-loop-1/2/train',
          status: 'succeeded',
          cached: true,
          attempts: 1,
          seconds: 1.5,
          outputs: {
            parameters: { rows: 5 },
            artifacts: {
              model: [
                {
                  uri: 'file:///store/model',
                  digest: 'sha256:cd',
                  type: 'system.Model',
                  metadata: { framework: 'scikit-learn' },
                },
              ],
            },
          },
        },
        {
          name: 'deploy',
          status: 'not_triggered',
          cached: false,
          attempts: 0,
          seconds: 0,
          outputs: { parameters: {}, artifacts: {} },
          reason: 'train: failed',
        },
      ],
      deployment: { status: 'refused', endpoint: 'e', reason: '0.80 < 0.85' },
      error: { code: 'E_DATA', message: 'No rows.', task: 'train', hint: 'Add rows.' },
    });
  });

  it('leaves out deployment and error when there are none', () => {
    const json = runJson({ ...RUN, status: 'succeeded', deployment: undefined, error: undefined });

    expect(Object.keys(json)).toEqual([
      'runId',
      'pipeline',
      'digest',
      'status',
      'outputs',
      'tasks',
    ]);
  });
});
