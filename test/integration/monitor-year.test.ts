// A year of a monitor in a minute: a real server that skips time, a real worker, comparisons by plan.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Client,
  Connection,
  defaultPayloadConverter,
  type WorkflowHandle,
} from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  MONITOR_QUERY,
  MONITOR_STOP_SIGNAL,
  MONITOR_WORKFLOW,
  monitorId,
  poolQueue,
  type DriftFinding,
  type MonitorActivities,
  type MonitorInput,
  type MonitorRound,
  type MonitorView,
} from '../../src/contract/index.js';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';

const DAY_S = 86_400;
const DAYS = 365;
const QUEUE = 'year';
const WORKFLOWS = fileURLToPath(new URL('../support/monitor-workflows.ts', import.meta.url));
const SILENT = {
  trace() {},
  debug() {},
  info() {},
  log() {},
  warn() {},
  error() {},
};

/** Days on which requests are far from the training data; all others are near. */
const DRIFT = new Set([30, ...range(100, 110), 200, 202, 203, 300]);
/** How a retraining ends, by the day of its check; all others are promoted. */
const ENDS = { 100: 'refused', 104: 'refused', 108: 'promoted', 200: 'fail', 300: 'rolled_back' };
// Counted from the end of a retraining, which is on the day of its check.
const COOL_DOWN_DAYS = 3.5;
const RETRAINS = [30, 100, 104, 108, 200, 300];
const COOLING = [101, 102, 103, 105, 106, 107, 109, 110, 202, 203];

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe.skipIf(TEMPORAL_CLI === '')('a year of a monitor', () => {
  const rounds: MonitorRound[] = [];
  const captured: number[] = [];
  let folder: string;
  let server: TemporalServer;
  let connection: Connection;
  let bundle: { code: string };
  let worker: RunningWorker;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'anneal-year-'));
    server = await startTemporal(path.join(folder, 'temporal.db'), undefined, [
      'frontend.WorkflowTimeSkippingEnabled=true',
      // A timer that was skipped to fires this late: a second by default, for each of them.
      'history.timerProcessorMaxTimeShift="10ms"',
    ]);
    connection = await Connection.connect({ address: server.address });
    bundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: SILENT });
    worker = await startWorker();
  });
  afterAll(async () => {
    await worker.stop();
    await connection.close();
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  const activities: MonitorActivities = {
    checkDrift: ({ checkId }) => Promise.resolve(findingOf(Number(checkId.split('/').at(-1)))),
    captureRequests: ({ share }) => Promise.resolve(void captured.push(share)),
    recordRound: ({ round }) => Promise.resolve(void rounds.push(round)),
  };

  async function startWorker(): Promise<RunningWorker> {
    const native = await NativeConnection.connect({ address: server.address });
    const shared = { connection: native, activities };
    const workers = await Promise.all([
      Worker.create({ ...shared, taskQueue: QUEUE, workflowBundle: bundle }),
      Worker.create({ ...shared, taskQueue: poolQueue(QUEUE, 'deploy') }),
    ]);
    const running = workers.map((each) => each.run());
    const stop = async (): Promise<void> => {
      for (const each of workers) each.shutdown();
      await Promise.all(running);
      await native.close();
    };
    return { stop };
  }

  test('retrains on the days of drift alone, keeps its cool-down, and outlives its worker', async () => {
    const handle = await startOnSkippedTime(connection, {
      ...{ endpoint: 'churn', pipeline: { name: 'demo' }, parameters: { ends: ENDS } },
      ...{ limit: 0.25, minRows: 200, captureShare: 1 },
      ...{
        everySeconds: DAY_S,
        coolDownSeconds: COOL_DOWN_DAYS * DAY_S,
        startedAt: new Date().toISOString(),
      },
    });
    await waitUntil('105 days have passed', () => rounds.length > 105, 240_000);
    await worker.stop();
    worker = await startWorker();
    await waitUntil('the year is over', () => rounds.some(({ check }) => check === DAYS), 400_000);
    const view = await handle.query<MonitorView>(MONITOR_QUERY);
    await handle.signal(MONITOR_STOP_SIGNAL);
    await handle.result();

    const begun = rounds.filter(({ retrain }) => retrain?.status === 'running');
    const ended = rounds.filter(({ retrain }) => retrain?.endedAt !== undefined);
    const actionsOf = (action: string): number[] => [
      ...new Set(rounds.filter((round) => round.action === action).map(({ check }) => check)),
    ];
    expect(begun.map(({ check }) => check)).toEqual(RETRAINS);
    expect(actionsOf('cooling_down')).toEqual(COOLING);
    expect(ended.map(({ retrain }) => retrain!.deployment ?? retrain!.status)).toEqual([
      'promoted',
      'refused',
      'refused',
      'promoted',
      'failed',
      'rolled_back',
    ]);
    expect([...new Set(rounds.map(({ check }) => check))].slice(0, DAYS)).toEqual(range(1, DAYS));
    expect(view.state.retrains).toBe(RETRAINS.length);
    expect(captured).toEqual([1, 0]);
  }, 700_000);

  // One new history in the year: at the second one the clock of server 1.32 leaps by all that was skipped before.
  test('has begun a new history, none of them long (L3)', async () => {
    const client = new Client({ connection });
    const query = `WorkflowId = "${monitorId('churn')}"`;
    const lengths: number[] = [];
    for await (const { historyLength } of client.workflow.list({ query })) {
      lengths.push(historyLength);
    }

    expect(lengths).toHaveLength(2);
    expect(Math.max(...lengths)).toBeLessThan(5000);
  });
});

interface RunningWorker {
  stop(): Promise<void>;
}

function findingOf(day: number): DriftFinding {
  const psi = DRIFT.has(day) ? 0.4 : 0.05;
  return {
    ...{ modelDigest: `sha256:${'a'.repeat(64)}`, reportKey: `reports/${day}` },
    ...{ referenceRows: 4000, capturedRows: 500, capturedRequests: 500, unreadable: 0 },
    features: [{ name: 'minutes', psi }],
  };
}

/** Starts a monitor whose time passes as fast as its work does: the SDK's own start has no such option. */
async function startOnSkippedTime(
  connection: Connection,
  input: MonitorInput,
): Promise<WorkflowHandle> {
  const workflowId = monitorId(input.endpoint);
  await connection.workflowService.startWorkflowExecution({
    namespace: 'default',
    requestId: workflowId,
    workflowId,
    workflowType: { name: MONITOR_WORKFLOW },
    taskQueue: { name: QUEUE },
    input: { payloads: [defaultPayloadConverter.toPayload(input)] },
    timeSkippingConfig: { enabled: true, maxSessionSkipCount: 10_000 },
  });
  return new Client({ connection }).workflow.getHandle(workflowId);
}
