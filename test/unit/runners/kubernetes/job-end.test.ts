// What a cluster's words about a pod mean (S1, S2 of job-state.ts; E1 of end-error.ts).

import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { endError } from '../../../../src/runners/kubernetes/end-error.js';
import { jobState } from '../../../../src/runners/kubernetes/job-state.js';
import { pendingReason } from '../../../../src/runners/kubernetes/pending-reason.js';
import { launchSpec } from './launch-spec.js';

type Ended = 'timeout' | 'lost' | 'failed';

const job = (reason?: string, message?: string): V1Job => ({
  metadata: { name: 'job' },
  status: reason ? { conditions: [{ type: 'Failed', status: 'True', reason, message }] } : {},
});
const pod = (status: object, metadata: object = {}): V1Pod => ({ metadata, status });
const ended = (step: string, terminated: object): V1Pod =>
  pod({
    phase: 'Failed',
    [step === 'store' ? 'containerStatuses' : 'initContainerStatuses']: [
      { name: step, state: { terminated } },
    ],
  });

function errorOf(failed: V1Job, pods: V1Pod[], memoryBytes?: number) {
  const state = jobState({ job: failed, pods });
  expect(['timeout', 'lost', 'failed']).toContain(state.kind);
  return endError(
    state as Extract<typeof state, { kind: Ended }>,
    launchSpec({ resources: { memoryBytes } }),
    'last line',
  );
}

describe('the end of a pod', () => {
  const FAILED = job('BackoffLimitExceeded');

  test.each([
    ['an exit code', ended('task', { exitCode: 3, reason: 'Error' }), 'E_TASK_EXIT', false],
    [
      'the memory limit',
      ended('task', { exitCode: 137, reason: 'OOMKilled' }),
      'E_TASK_MEMORY',
      false,
    ],
    ['a signal', ended('task', { exitCode: 139, reason: 'Error' }), 'E_TASK_SIGNAL', false],
    [
      'a program that is not there',
      ended('task', { exitCode: 128, reason: 'StartError', message: 'exec: not found' }),
      'E_TASK_EXIT',
      false,
    ],
    [
      'a launcher that crashed',
      ended('fetch', { exitCode: 1, reason: 'Error', message: 'Traceback' }),
      'E_RUNNER',
      false,
    ],
    [
      'inputs that are gone',
      ended('fetch', {
        exitCode: 1,
        message: '{"code":"E_INPUT_NOT_FOUND","message":"there is nothing at s3://b/k"}',
      }),
      'E_INPUT_NOT_FOUND',
      false,
    ],
    [
      'a store that is away',
      ended('store', { exitCode: 1, message: '{"code":"E_STORE","message":"m","retryable":true}' }),
      'E_STORE',
      true,
    ],
    [
      'eviction',
      pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
      'E_TASK_LOST',
      true,
    ],
    [
      'preemption',
      pod({
        phase: 'Failed',
        conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
      }),
      'E_TASK_LOST',
      true,
    ],
    [
      'a node that is shut down',
      pod({
        phase: 'Failed',
        reason: 'Terminated',
        message: 'Pod was terminated in response to imminent node shutdown.',
      }),
      'E_TASK_LOST',
      true,
    ],
    [
      'deletion',
      pod({ phase: 'Failed' }, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      'E_TASK_LOST',
      true,
    ],
    [
      'its own disk limit',
      pod({
        phase: 'Failed',
        reason: 'Evicted',
        message: 'Usage of EmptyDir volume "x" exceeds the limit "1Gi".',
      }),
      'E_TASK_EXIT',
      false,
    ],
  ])('%s', (_, end, code, retryable) => {
    expect(errorOf(FAILED, [end])).toMatchObject({ code, retryable });
  });

  test('a pod that the cluster took away and removed left the reason in its Job (J3)', () => {
    const taken = job('PodFailurePolicy', 'Pod tasks/x has condition DisruptionTarget');

    expect(errorOf(taken, [])).toMatchObject({ code: 'E_TASK_LOST', retryable: true });
  });

  test('a Job over its deadline timed out, whatever became of its pod', () => {
    expect(errorOf(job('DeadlineExceeded'), []).code).toBe('E_TASK_TIMEOUT');
  });

  test('exit code 137 under a memory limit is the limit, reached by a child', () => {
    const end = ended('task', { exitCode: 137, reason: 'Error' });

    expect(errorOf(FAILED, [end], 2 ** 20).code).toBe('E_TASK_MEMORY');
    expect(errorOf(FAILED, [end]).code).toBe('E_TASK_SIGNAL');
  });

  test("the task's own report goes before its exit code (E1)", () => {
    const message = '{"code":"E_LEAK","message":"Rows leak."}';

    expect(errorOf(FAILED, [ended('task', { exitCode: 1, message })]).code).toBe('E_LEAK');
    expect(
      errorOf(FAILED, [ended('task', { exitCode: 1, message: '{"code":"E_STORE"}' })]).code,
    ).toBe('E_TASK_EXIT');
  });

  test('a failed container is no end while the Job has none (S2)', () => {
    const state = jobState({ job: job(), pods: [ended('task', { exitCode: 1 })] });

    expect(state).toEqual({ kind: 'running' });
  });
});

describe('a pod that does not start', () => {
  const place = { task: 'train', seconds: 60 };

  test.each([
    [
      'no node',
      pod({
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', message: 'Insufficient nvidia.com/gpu' },
        ],
      }),
      'E_RUNNER',
      'Insufficient nvidia.com/gpu',
    ],
    [
      'no image',
      pod({
        phase: 'Pending',
        initContainerStatuses: [
          {
            name: 'task',
            image: 'x:1',
            state: { waiting: { reason: 'ImagePullBackOff', message: 'denied' } },
          },
        ],
      }),
      'E_IMAGE',
      'x:1',
    ],
    [
      'no config map',
      pod({
        phase: 'Pending',
        initContainerStatuses: [
          {
            name: 'task',
            state: {
              waiting: { reason: 'CreateContainerConfigError', message: 'configmap "m" not found' },
            },
          },
        ],
      }),
      'E_SECRET',
      'configmap "m" not found',
    ],
  ])('%s', (_, pending, code, said) => {
    const error = pendingReason(pending)!.error(place, []);

    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
  });

  test('for want of a volume is explained by its events', () => {
    const waiting = pod({
      phase: 'Pending',
      initContainerStatuses: [{ name: 'fetch', state: { waiting: { reason: 'PodInitializing' } } }],
    });
    const event = {
      type: 'Warning',
      reason: 'FailedMount',
      message: 'MountVolume.SetUp failed: secret "files" not found',
    };

    const error = pendingReason(waiting)!.error(place, [event as never]);

    expect(error).toMatchObject({ code: 'E_SECRET' });
    expect(error.message).toContain('secret "files" not found');
  });

  test('is no longer waited for once its first container runs', () => {
    const running = pod({
      phase: 'Pending',
      initContainerStatuses: [{ name: 'fetch', state: { running: {} } }],
    });

    expect(pendingReason(running)).toBeUndefined();
  });
});
