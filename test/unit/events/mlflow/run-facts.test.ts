import { describe, expect, test } from 'vitest';
import type { ArtifactRef, RunEvent } from '../../../../src/contract/index.js';
import { runFacts, startTags } from '../../../../src/events/mlflow/run-facts.js';
import type { ExecutionManifest } from '../../../../src/lineage/index.js';

const RUN = { runId: 'r', pipeline: 'p', digest: `sha256:${'0'.repeat(64)}` };
const EVENT: RunEvent = {
  id: 'r/event/run.canceled',
  type: 'run.canceled',
  time: '2026-01-02T03:05:00.000Z',
  run: { ...RUN, status: 'canceled', startedAt: '2026-01-02T03:04:05.000Z' },
  outputs: {},
  error: { code: 'E_RUN_CANCELED', message: 'It was canceled.' },
};

const artifact = (type: string, metadata = {}): ArtifactRef => ({
  name: 'x',
  type,
  schemaVersion: '0.0.1',
  uri: 'file:///x',
  metadata,
});

const TRAIN: ExecutionManifest = {
  schemaVersion: 1,
  run: RUN,
  task: 'train',
  component: 'comp-train',
  componentDigest: `sha256:${'1'.repeat(64)}`,
  attempt: 1,
  inputs: { parameters: {}, artifacts: {} },
  outputs: {
    parameters: { passed: true },
    artifacts: {
      model: [artifact('system.Model', { size: 3 })],
      page: [artifact('system.HTML')],
      data: [artifact('system.Dataset')],
      metrics: [artifact('system.Metrics', { accuracy: 0.5, label: 'yes' })],
    },
  },
  runner: 'process',
  startedAt: '2026-01-02T03:04:06.000Z',
  finishedAt: '2026-01-02T03:04:07.000Z',
};

describe('what MLflow is told of a run', () => {
  const facts = runFacts({ event: EVENT, manifests: [TRAIN] });

  test('is its numbers at the time its tasks ended, so that the same are the same again (F1)', () => {
    const timestamp = Date.parse(TRAIN.finishedAt);

    expect(facts.metrics).toEqual([
      { key: 'train.accuracy', value: 0.5, timestamp, step: 0 },
      { key: 'train.passed', value: 1, timestamp, step: 0 },
    ]);
  });

  test('is how it ended, and when', () => {
    expect(facts.status).toBe('KILLED');
    expect(facts.endTime).toBe(Date.parse(EVENT.time));
    expect(facts.tags).toContainEqual({
      key: 'anneal.error',
      value: 'E_RUN_CANCELED: It was canceled.',
    });
  });

  test('are its data sets by reference, its models and pages as files', () => {
    expect(facts.datasets.map(({ output }) => output)).toEqual(['data']);
    expect(facts.files.map(({ output }) => output)).toEqual(['model', 'page']);
  });

  test('is the code of every task', () => {
    const code = facts.tags.find(({ key }) => key === 'anneal.code');

    expect(JSON.parse(code!.value)).toEqual({ train: TRAIN.componentDigest });
  });

  test('are no parameters and no code of a run that was refused before it started', () => {
    const refused = runFacts({
      event: { ...EVENT, type: 'run.failed', run: { ...EVENT.run, status: 'failed' } },
      manifests: [],
    });

    expect(refused).toMatchObject({ status: 'FAILED', params: [], metrics: [], files: [] });
  });
});

describe('what MLflow is told of where a run is from', () => {
  const tags = (run: Partial<RunEvent['run']>): Record<string, string> =>
    Object.fromEntries(
      startTags({ ...EVENT, run: { ...EVENT.run, ...run } }).map(({ key, value }) => [key, value]),
    );

  test('is the commit, and whether the work tree still was it', () => {
    const repository = 'https://example.com/a/b.git';
    const source = {
      commit: 'c'.repeat(40),
      dirty: true,
      path: 'pipelines/train.yaml',
      repository,
    };

    expect(tags({ source })).toMatchObject({
      'mlflow.source.name': 'pipelines/train.yaml',
      'mlflow.source.type': 'JOB',
      'mlflow.source.git.commit': source.commit,
      'mlflow.source.git.dirty': 'true',
      'mlflow.source.git.repoURL': repository,
    });
  });

  test('is the pipeline alone where no commit is known', () => {
    expect(tags({})).toMatchObject({ 'mlflow.source.name': 'p', 'mlflow.source.type': 'JOB' });
    expect(Object.keys(tags({})).filter((key) => key.includes('git'))).toEqual([]);
  });
});
