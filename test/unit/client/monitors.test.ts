// Monitors of cron times on a real server: the monitor and its schedule, and what a crash between the two leaves.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client, Connection, ScheduleNotFoundError, type ScheduleHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient, type MonitorRequest } from '../../../src/client/index.js';
import {
  monitorId,
  poolQueue,
  TASK_QUEUE,
  type MonitorActivities,
  type MonitorTick,
} from '../../../src/contract/index.js';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../../support/temporal-server.js';
import { waitUntil } from '../../support/wait-until.js';
import { demo } from './support/demo-pipeline.js';
import { bundleWorkflow } from './support/fake-worker.js';

const CRON = { cron: ['0 6 * * *'], timeZone: 'Europe/Vienna' };

const activities: MonitorActivities = {
  checkDrift: () =>
    Promise.resolve({
      ...{ modelDigest: `sha256:${'a'.repeat(64)}`, reportKey: 'reports/1', referenceRows: 4000 },
      ...{ capturedRows: 500, capturedRequests: 500, unreadable: 0 },
      features: [{ name: 'minutes', psi: 0.1 }],
    }),
  captureRequests: () => Promise.resolve(),
  recordRound: () => Promise.resolve(),
};

describe.skipIf(TEMPORAL_CLI === '')('a monitor of cron times', () => {
  let folder: string;
  let server: TemporalServer;
  let store: ArtifactStore;
  let client: AnnealClient;
  let connection: Connection;
  let temporal: Client;
  let stopWorkers: () => Promise<void>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'anneal-monitors-'));
    store = await openLocalStore(path.join(folder, 'store'));
    const [started, workflowBundle] = await Promise.all([
      startTemporal(path.join(folder, 'temporal.db')),
      bundleWorkflow(),
    ]);
    server = started;
    const { address } = server;
    stopWorkers = await startWorkers(address, workflowBundle);
    client = await AnnealClient.connect({ address, namespace: 'default', store });
    connection = await Connection.connect({ address });
    temporal = new Client({ connection });
  });
  afterAll(async () => {
    await Promise.allSettled([client?.close(), connection?.close(), stopWorkers?.()]);
    await server?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (endpoint: string, request: Partial<MonitorRequest> = CRON) =>
    client.monitors.start({
      ...{ endpoint, pipeline: demo, parameters: { behaviour: 'succeed' } },
      ...request,
    });
  const scheduleOf = (endpoint: string): ScheduleHandle =>
    temporal.schedule.getHandle(monitorId(endpoint));
  const hasSchedule = (endpoint: string): Promise<boolean> =>
    scheduleOf(endpoint)
      .describe()
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof ScheduleNotFoundError) return false;
          throw error;
        },
      );
  const checksOf = async (endpoint: string): Promise<number> =>
    (await client.monitors.show(endpoint)).state.checks;
  const tick = async (told: MonitorTick): Promise<void> => {
    const workflowId = `tick-${told.startedAt}`;
    const options = { workflowId, taskQueue: TASK_QUEUE, args: [told] };
    await temporal.workflow.execute('annealMonitorTick', options);
  };

  test('is told by its schedule when to check, and shows the next times of its zone', async () => {
    const started = await start('told');
    const shown = await client.monitors.show('told');
    await scheduleOf('told').trigger();
    await waitUntil('it has checked', async () => (await checksOf('told')) === 1);

    expect(started).toMatchObject({
      cron: { expressions: ['0 6 * * *'], timeZone: 'Europe/Vienna' },
    });
    expect(started.everySeconds).toBeUndefined();
    expect(shown.nextChecks).toHaveLength(5);
    expect(shown.nextCheckAt).toBe(shown.nextChecks![0]);
    const clocks = shown.nextChecks!.map((time) =>
      new Date(time).toLocaleTimeString('de-DE', { timeZone: 'Europe/Vienna' }),
    );
    expect(new Set(clocks)).toEqual(new Set(['06:00:00']));
    expect(await client.schedules.list()).toEqual([]);
    await expect(client.schedules.describe(monitorId('told'))).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
    expect((await client.monitors.list())[0]).toMatchObject({ nextCheckAt: shown.nextCheckAt });
  });

  test('leaves out what comes while it is paused, and what an earlier monitor is told', async () => {
    const { startedAt } = await start('deaf');
    await client.monitors.pause('deaf');
    const paused = await client.monitors.show('deaf');
    await tick({ endpoint: 'deaf', startedAt });
    await client.monitors.resume('deaf');
    await tick({ endpoint: 'deaf', startedAt: '2020-01-01T00:00:00.000Z' });
    const before = await checksOf('deaf');
    await scheduleOf('deaf').trigger();
    await waitUntil('it has checked', async () => (await checksOf('deaf')) > 0);

    expect(paused).toMatchObject({ status: 'paused' });
    expect(paused.nextChecks).toBeUndefined();
    expect(before).toBe(0);
    expect(await checksOf('deaf')).toBe(1);
  });

  test('takes its schedule with it when it is stopped, and begins anew with another', async () => {
    await start('ended');
    await client.monitors.stop('ended');
    const afterStop = await hasSchedule('ended');
    await start('ended', { every: '1d' });
    const ofGrid = await client.monitors.show('ended');

    expect(afterStop).toBe(false);
    expect(await hasSchedule('ended')).toBe(false);
    expect(ofGrid).toMatchObject({ everySeconds: 86_400 });
    expect(ofGrid.nextChecks).toBeUndefined();
  });

  test('is one for each endpoint: a second start changes nothing', async () => {
    await start('only');
    const before = (await scheduleOf('only').describe()).action.args;

    await expect(start('only', { cron: ['0 7 * * *'] })).rejects.toMatchObject({
      code: 'E_ALREADY_STARTED',
    });

    const { action, spec } = await scheduleOf('only').describe();
    expect(action.args).toEqual(before);
    expect(spec.calendars![0]!.hour).toMatchObject([{ start: 6 }]);
  });

  test('gets a lost schedule back by the next command', async () => {
    await start('lost');
    await scheduleOf('lost').delete();

    const shown = await client.monitors.show('lost');

    expect(shown.nextChecks).toHaveLength(5);
  });

  test('makes the schedule of an earlier monitor its own', async () => {
    const { startedAt } = await start('mine');
    await scheduleOf('mine').update((schedule) => ({
      ...schedule,
      spec: { cronExpressions: ['0 1 * * *'] },
      action: {
        ...schedule.action,
        args: [{ endpoint: 'mine', startedAt: '2020-01-01T00:00:00.000Z' }],
      },
    }));

    await client.monitors.show('mine');

    const { action, spec } = await scheduleOf('mine').describe();
    expect(action.args).toEqual([{ endpoint: 'mine', startedAt }]);
    expect(spec.calendars![0]!.hour).toMatchObject([{ start: 6 }]);
  });

  test('that is gone has its schedule removed by the next command', async () => {
    const [left, listed] = ['left', 'listed'];
    for (const endpoint of [left, listed]) {
      await start(endpoint);
      await temporal.workflow.getHandle(monitorId(endpoint)).terminate();
    }

    await expect(client.monitors.pause(left)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await waitUntil('the list has removed the other', async () => {
      await client.monitors.list();
      return !(await hasSchedule(listed));
    });

    expect(await hasSchedule(left)).toBe(false);
  });

  test('takes over the schedule of one that is gone', async () => {
    await start('heir');
    await temporal.workflow.getHandle(monitorId('heir')).terminate();
    const { startedAt } = await start('heir', { cron: ['30 7 * * *'], timeZone: 'UTC' });

    const { action, spec } = await scheduleOf('heir').describe();
    expect(action.args).toEqual([{ endpoint: 'heir', startedAt }]);
    expect(spec.calendars![0]!.hour).toMatchObject([{ start: 7 }]);
  });

  test.each<[string, Partial<MonitorRequest>, string]>([
    ['of six fields', { cron: ['0 0 6 * * *'] }, 'E_USAGE'],
    ['of an hour that no day has', { cron: ['0 25 * * *'] }, 'E_USAGE'],
    ['of a zone that there is not', { cron: ['0 6 * * *'], timeZone: 'Europe/Wien' }, 'E_PARAM'],
    ['of an interval too', { cron: ['0 6 * * *'], every: '1h' }, 'E_USAGE'],
    ['of a zone alone', { timeZone: 'Europe/Vienna' }, 'E_USAGE'],
  ])('%s is refused, and nothing is left of it', async (_, request, code) => {
    await expect(start('refused', request)).rejects.toMatchObject({ code });

    expect(await hasSchedule('refused')).toBe(false);
    await expect(client.monitors.show('refused')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

async function startWorkers(
  address: string,
  workflowBundle: { code: string },
): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address });
  const workers = await Promise.all([
    Worker.create({ connection, activities, taskQueue: TASK_QUEUE, workflowBundle }),
    Worker.create({ connection, activities, taskQueue: poolQueue(TASK_QUEUE, 'deploy') }),
  ]);
  const running = workers.map((worker) => worker.run());
  return async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    await connection.close();
  };
}
