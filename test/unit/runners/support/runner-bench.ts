import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TaskValues } from '../../../../src/contract/index.js';
import type { ComponentSpecJson } from '../../../../src/ir/index.js';
import type { PlatformSettings } from '../../../../src/ir/platform/index.js';
import {
  createProcessRunner,
  executeTask,
  type ExecutedTask,
  type ProcessRunnerOptions,
  type Runner,
} from '../../../../src/runners/index.js';
import { openLocalStore, type ArtifactStore } from '../../../../src/storage/index.js';
import type { Container } from './kfp-component.js';
import { testPython } from './test-python.js';

export const TASKS_FOLDER = path.join(import.meta.dirname, '../../../../python-tasks');

export interface TaskOfTest {
  readonly container: Container & { env?: { name: string; value: string }[]; resources?: object };
  readonly component?: ComponentSpecJson;
  readonly inputs?: Partial<TaskValues>;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  readonly run?: string;
  readonly platform?: PlatformSettings;
}

/** An executed task with the path of its log, empty for the tasks that have none. */
export type LoggedTask = ExecutedTask & { readonly logPath: string };

/** A store and a runner in a temporary folder. */
export interface Bench {
  readonly folder: string;
  readonly store: ArtifactStore;
  readonly runner: Runner;
  execute(task: TaskOfTest): Promise<LoggedTask>;
  /** Local folder of an attempt. */
  attemptFolder(run: string): string;
  close(): Promise<void>;
}

export async function openBench(options: Partial<ProcessRunnerOptions> = {}): Promise<Bench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'anneal-runner-'));
  const store = await openLocalStore(path.join(folder, 'store'));
  const runner = createProcessRunner({
    basePython: testPython,
    pythonTasksFolder: TASKS_FOLDER,
    environmentsFolder: path.join(folder, 'environments'),
    graceSeconds: 0.5,
    ...options,
  });
  return {
    folder,
    store,
    runner,
    execute: (task) => execute(task, store, runner),
    attemptFolder: (run) => path.join(folder, 'store', 'runs', run, 'task', '1'),
    close: async () => {
      await runner.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function execute(
  task: TaskOfTest,
  store: ArtifactStore,
  runner: Runner,
): Promise<LoggedTask> {
  const runId = task.run ?? `run-${randomUUID()}`;
  const executed = await executeTask(
    {
      id: { runId, task: 'task', attempt: 1 },
      stagingKey: `runs/${runId}/task/1`,
      component: task.component ?? {},
      container: task.container,
      inputs: { parameters: {}, artifacts: {}, ...task.inputs },
      names: NAMES,
      timeoutSeconds: task.timeoutSeconds,
      platform: task.platform,
    },
    { store, runner, signal: task.signal ?? new AbortController().signal },
  );
  return { logPath: '', ...executed };
}

export const NAMES = {
  jobName: 'my-pipeline',
  jobResourceName: 'my-pipeline/run-1',
  jobId: 'run-1',
  taskName: 'my-task',
  taskId: 'run-1/my-task/1',
  pipelineRoot: 'file:///store',
  createTime: '2026-01-02T03:04:05Z',
};

/** Gives the error of a promise that must reject. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<Error & { code: string; details: Record<string, unknown>; retryable: boolean }> {
  try {
    await promise;
  } catch (error) {
    return error as never;
  }
  throw new Error('expected a rejection');
}
