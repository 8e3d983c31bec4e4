import { describe, expect, it } from 'vitest';
import type { LaunchSpec } from '../../../../src/runners/runner.js';
import { isLost, jobFailure } from '../../../../src/runners/sagemaker/job-failure.js';
import type { JobView } from '../../../../src/runners/sagemaker/job.js';

const SPEC = {
  id: { runId: 'r', task: 'train', attempt: 1 },
  image: 'image',
  resources: {},
} as unknown as LaunchSpec;
const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const failed = (failureReason: string, more: Partial<JobView> = {}): JobView => ({
  ...{ name: 'anneal-x-1', state: 'failed', createdAt: at(0) },
  failureReason,
  ...more,
});

describe('the end of a job', () => {
  it.each([
    ['InternalServerError: We encountered an internal error. Please try again.', 'E_TASK_LOST'],
    ['CapacityError: Unable to provision requested ML compute capacity.', 'E_TASK_LOST'],
    ['ClientError: CannotPullContainerError: manifest unknown', 'E_IMAGE'],
    ['ClientError: Data download failed: NoSuchKey', 'E_INPUT_NOT_FOUND'],
    ['ClientError: Access denied when writing to s3://b/k', 'E_AWS_CONFIG'],
    ['ClientError: Please use an instance type with more memory.', 'E_TASK_MEMORY'],
    ['AlgorithmError: See job logs for more information, exit code: 137', 'E_TASK_MEMORY'],
    ['AlgorithmError: See job logs for more information, exit code: 2', 'E_TASK_EXIT'],
    ['Something nobody has seen.', 'E_RUNNER'],
  ])('that failed with %j is %s', (reason, code) => {
    const view = failed(reason);

    expect(jobFailure(view, SPEC, { logTail: '' })).toMatchObject({
      code,
      retryable: code === 'E_TASK_LOST',
    });
    expect(isLost(view)).toBe(code === 'E_TASK_LOST'); // F2
  });

  it("is the program's own, when that printed the words of AWS (F1)", () => {
    const message = 'anneal-exit 4\n';
    const view = failed('AlgorithmError: InternalServerError in my code', { message });

    expect(isLost(view)).toBe(false);
    expect(jobFailure(view, SPEC, { logTail: '' })).toMatchObject({
      code: 'E_TASK_EXIT',
      details: { exitCode: 4 },
    });
  });

  it.each<Partial<JobView>>([
    { phase: 'MaxRuntimeExceeded' },
    { phase: 'MaxWaitTimeExceeded' },
    { startedAt: at(0), endedAt: at(60), maxRuntimeSeconds: 3600 },
  ])('by its stopping condition is a timeout: %j', (more) => {
    const view = failed('', { state: 'stopped', maxRuntimeSeconds: 3600, ...more });

    expect(jobFailure(view, SPEC, { logTail: '' })).toMatchObject({ code: 'E_TASK_TIMEOUT' });
    expect(isLost(view)).toBe(false);
  });

  it('by somebody else is a loss: the task is started again', () => {
    const view = failed('', { state: 'stopped' });

    expect(jobFailure(view, SPEC, { logTail: '' })).toMatchObject({ code: 'E_TASK_LOST' });
  });
});
