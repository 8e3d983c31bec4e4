import type { LaunchSpec } from '../../../../src/runners/index.js';
import type { KubernetesRunnerOptions } from '../../../../src/runners/index.js';

/** A launch as executeTask makes it, with changes. */
export function launchSpec(changes: Partial<LaunchSpec> = {}): LaunchSpec {
  return {
    id: { runId: 'run-1', task: 'for-loop-1/2/train', attempt: 1 },
    image: 'python:3.11',
    command: ['python3', '-c'],
    args: ['print(1)'],
    env: {},
    executorInput: {
      outputs: {
        parameters: { n: { outputFile: '/anneal/task/parameters/n' } },
        artifacts: { model: { artifacts: [{ uri: '/anneal/task/outputs/model' }] } },
        outputFile: '/anneal/task/executor_output.json',
      },
    },
    folder: '/tmp/attempt',
    files: { folder: '/tmp/attempt', seenFolder: '/anneal/task', inputs: [] },
    stagingUri: 's3://bucket/project/runs/run-1/train/1',
    resources: {},
    ...changes,
  };
}

/** Options of a runner, with changes; the store is not asked for anything. */
export function options(changes: Partial<KubernetesRunnerOptions> = {}): KubernetesRunnerOptions {
  return {
    store: undefined as never,
    storeAddress: 's3://bucket/project',
    s3: {},
    tasksImage: 'registry.test/anneal-tasks:1',
    pullSecrets: [],
    runAs: 10001,
    keepSeconds: 3600,
    pendingSeconds: 900,
    ...changes,
  };
}
