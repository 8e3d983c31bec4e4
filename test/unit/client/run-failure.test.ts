import { describe, expect, it } from 'vitest';
import { runFailure } from '../../../src/client/index.js';
import type { RunView, TaskView } from '../../../src/contract/index.js';
import { CHURN_RUN } from '../viewer/churn-run.js';

const failedRun = (error: RunView['error'], tasks: readonly TaskView[]): RunView => ({
  ...CHURN_RUN,
  status: 'failed',
  error,
  tasks,
  deployment: undefined,
});

const triedTask: TaskView = {
  name: 'train',
  kind: 'container',
  status: 'failed',
  cached: false,
  attempts: 1,
};

describe("a run's failure", () => {
  it('is none when the run succeeded, also when the gate refused', () => {
    const refused = { ...CHURN_RUN, deployment: { status: 'refused', endpoint: 'e' } as const };

    expect(runFailure(CHURN_RUN)).toBeUndefined();
    expect(runFailure(refused)).toBeUndefined();
  });

  it("keeps the task's own code and exits with 1", () => {
    const error = { code: 'E_DATA', message: 'No column "churn".', task: 'train' } as const;

    const failure = runFailure(failedRun(error, [triedTask]));

    expect(failure).toMatchObject({
      code: 'E_DATA',
      exitCode: 1,
      message: 'Task "train": No column "churn".',
    });
  });

  it('exits with 3 for what was refused before anything ran', () => {
    const error = { code: 'E_PARAM', message: 'test_split is 2.' } as const;

    expect(runFailure(failedRun(error, []))).toMatchObject({ code: 'E_PARAM', exitCode: 3 });
  });

  it('exits with 1 for the same code once a task has run', () => {
    const error = { code: 'E_PARAM', message: 'too deep', task: 'train' } as const;

    expect(runFailure(failedRun(error, [triedTask]))).toMatchObject({
      code: 'E_RUN_FAILED',
      exitCode: 1,
    });
  });

  it('is E_RUN_CANCELED for a canceled run', () => {
    const canceled = { ...CHURN_RUN, status: 'canceled' } as const;

    expect(runFailure(canceled)).toMatchObject({ code: 'E_RUN_CANCELED', exitCode: 1 });
  });
});
