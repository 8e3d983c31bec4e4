// The real workflow with activities that do as the run's parameter `behaviour` says.

import { Context, sleep } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { toFailure } from '../../../../src/activities/to-failure.js';
import { withHeartbeat } from '../../../../src/activities/with-heartbeat.js';
import { taskErrors } from '../../../../src/errors/index.js';
import { TASK_QUEUE, type AnnealActivities, type RunPlan } from '../../../../src/contract/index.js';
import { writeRunRecord } from '../../../../src/lineage/index.js';
import type { ArtifactStore } from '../../../../src/storage/index.js';

/**
 * `wait-once`: waits as a real task does, until its worker stops; the next try succeeds. `lost-host`: is first handed
 * over to a host that does not come back.
 */
export type Behaviour = 'succeed' | 'fail' | 'wait' | 'wait-once' | 'lost-host' | 'refuse';

/** Runs whose task has waited once. */
const WAITED = new Set<string>();
const PARTS = {
  heartbeatSeconds: 1,
  identity: { host: 'here', worker: 'fake' },
  drain: { mode: 'end', keptSeconds: 1, hurry: new AbortController().signal },
} as const;

const SILENT = {
  trace() {},
  debug() {},
  info() {},
  log() {},
  warn() {},
  error() {},
};

// The tests kill servers on purpose: what the worker says about it would fill pages.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

/** Bundles the workflow once for a test file. */
export async function bundleWorkflow(): Promise<{ code: string }> {
  const workflowsPath = fileURLToPath(
    new URL('../../../../src/workflow/index.ts', import.meta.url),
  );
  return bundleWorkflowCode({ workflowsPath, logger: SILENT });
}

export interface FakeWorker {
  stop(): Promise<void>;
}

/** Starts a worker that polls Anneal's task queue. */
export async function startWorker(
  address: string,
  workflowBundle: { code: string },
  store: ArtifactStore,
): Promise<FakeWorker> {
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowBundle,
    activities: fakeActivities(store),
    shutdownGraceTime: '1s',
  });
  const running = worker.run();
  return {
    stop: async () => {
      if (worker.getState() !== 'RUNNING') return;
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

function fakeActivities(store: ArtifactStore): Partial<AnnealActivities> {
  return {
    prepareRun: ({ runId, input }) => {
      if (input.parameters?.['behaviour'] === 'refuse') {
        const view = { code: 'E_PARAM', message: 'test_split is 2.', hint: 'Give a fraction.' };
        throw ApplicationFailure.create({
          message: view.message,
          type: view.code,
          nonRetryable: true,
          details: [view],
        });
      }
      return Promise.resolve(planOf(runId, input.parameters ?? {}));
    },
    lookupCache: () => Promise.resolve({}),
    runTask: async ({ run, inputs }) => {
      const behaviour = inputs.parameters['behaviour'] as Behaviour;
      if (behaviour === 'wait') await waitForCancel();
      if (behaviour === 'wait-once' && !WAITED.has(run.runId)) {
        WAITED.add(run.runId);
        await withHeartbeat('train', PARTS, ({ signal }) => endWhenAborted(signal));
      }
      if (behaviour === 'lost-host' && !WAITED.has(run.runId)) {
        WAITED.add(run.runId);
        const kept = { host: 'away', keptSeconds: 1 };
        throw toFailure(taskErrors.taskHandedOver('train', kept), 'train');
      }
      if (behaviour === 'fail') {
        const view = { code: 'E_DATA', message: 'No column "churn".', task: 'train' };
        throw ApplicationFailure.create({
          message: view.message,
          type: view.code,
          nonRetryable: true,
          details: [view],
        });
      }
      return { outputs: { parameters: {}, artifacts: {} }, manifestKey: 'none', cached: false };
    },
    recordRun: async (view) => {
      await writeRunRecord(store, view);
    },
  };
}

async function waitForCancel(): Promise<never> {
  for (;;) {
    Context.current().heartbeat();
    await sleep(100);
  }
}

/** Ends as the process runner does when it is told to. */
function endWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(taskErrors.taskCanceled('train')));
  });
}

function planOf(runId: string, parameters: RunPlan['parameters']): RunPlan {
  return {
    run: { runId, pipeline: 'demo', digest: `sha256:${'0'.repeat(64)}` },
    version: 1,
    startedAt: new Date().toISOString(),
    spec: SPEC,
    executors: { 'exec-train': { kind: 'container' } },
    parameters,
    cache: false,
    warnings: [],
    searchAttributes: false,
    heartbeatSeconds: 1,
  };
}

const INPUTS = { parameters: { behaviour: { parameterType: 'STRING' } } } as const;

const SPEC: RunPlan['spec'] = {
  pipelineInfo: { name: 'demo' },
  schemaVersion: '2.1.0',
  components: { 'comp-train': { executorLabel: 'exec-train', inputDefinitions: INPUTS } },
  root: {
    inputDefinitions: INPUTS,
    dag: {
      tasks: {
        train: {
          taskInfo: { name: 'train' },
          componentRef: { name: 'comp-train' },
          inputs: { parameters: { behaviour: { componentInputParameter: 'behaviour' } } },
        },
      },
    },
  },
};
