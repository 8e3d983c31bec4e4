import { describe, expect, it } from 'vitest';
import { mergeRuns, type RunSummary } from '../../../src/client/list-runs.js';
import { CHURN_RUN } from '../viewer/churn-run.js';

const execution = (
  runId: string,
  startedAt: string,
  rest: Partial<RunSummary> = {},
): RunSummary => ({
  runId,
  pipeline: '',
  status: 'running',
  startedAt,
  ...rest,
});

describe('merging the runs of the server with the stored records', () => {
  it('keeps a run that only its record remembers', () => {
    const runs = mergeRuns([], [CHURN_RUN]);

    expect(runs).toEqual([
      {
        runId: CHURN_RUN.runId,
        pipeline: 'ml-training-pipeline',
        version: 3,
        status: 'succeeded',
        startedAt: CHURN_RUN.startedAt,
        finishedAt: CHURN_RUN.finishedAt,
        deployment: 'promoted',
      },
    ]);
  });

  it('lets the server decide about the state, and the record about the name (L1)', () => {
    const running = execution(CHURN_RUN.runId, CHURN_RUN.startedAt);

    const [run] = mergeRuns([running], [CHURN_RUN]);

    expect(run).toMatchObject({ status: 'running', pipeline: 'ml-training-pipeline', version: 3 });
  });

  it('lists the newest first and equal times by id (L2)', () => {
    const runs = mergeRuns(
      [
        execution('b', '2026-01-01T00:00:00.000Z'),
        execution('c', '2026-01-02T00:00:00.000Z'),
        execution('a', '2026-01-01T00:00:00.000Z'),
      ],
      [],
    );

    expect(runs.map(({ runId }) => runId)).toEqual(['c', 'a', 'b']);
  });

  it('filters before it cuts to the limit', () => {
    const runs = mergeRuns(
      [
        execution('new', '2026-01-03T00:00:00.000Z', { status: 'failed' }),
        execution('old', '2026-01-01T00:00:00.000Z', { status: 'succeeded' }),
      ],
      [],
      { status: 'succeeded', limit: 1 },
    );

    expect(runs.map(({ runId }) => runId)).toEqual(['old']);
  });
});
