// Schedules on a real server; a fake worker carries the runs out.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient, type OverlapPolicy } from '../../../src/client/index.js';
import type { RunStatus } from '../../../src/contract/index.js';
import { claimRun } from '../../../src/lineage/index.js';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../../support/temporal-server.js';
import { waitUntil } from '../../support/wait-until.js';
import { demo } from './support/demo-pipeline.js';
import { bundleWorkflow, startWorker, type FakeWorker } from './support/fake-worker.js';

const YEARLY = { cron: ['0 6 1 1 *'] };

describe.skipIf(TEMPORAL_CLI === '')('schedules', () => {
  let folder: string;
  let database: string;
  let server: TemporalServer & { readonly port: number };
  let store: ArtifactStore;
  let worker: FakeWorker;
  let client: AnnealClient;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'anneal-schedules-'));
    database = path.join(folder, 'temporal.db');
    store = await openLocalStore(path.join(folder, 'store'));
    const [started, bundle] = await Promise.all([startTemporal(database), bundleWorkflow()]);
    server = started;
    worker = await startWorker(server.address, bundle, store);
    client = await AnnealClient.connect({ address: server.address, namespace: 'default', store });
  });
  afterAll(async () => {
    await Promise.allSettled([client?.close(), worker?.stop()]);
    await server?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test('is made with what was asked for, and shows its next times', async () => {
    const made = await client.schedules.create({
      name: 'nightly',
      pipeline: demo,
      times: { cron: ['0 6 * * 1-5'], timeZone: 'Europe/Berlin', jitter: '5m' },
      parameters: { behaviour: 'succeed', day: '{{scheduled_time-1d:date}}' },
      note: 'after the export',
    });

    expect(made).toMatchObject({
      name: 'nightly',
      pipeline: 'demo',
      version: 1,
      follow: 'pinned',
      overlap: 'skip',
      catchupWindow: '1h',
      pauseOnFailure: false,
      paused: false,
      note: 'after the export',
      times: { cron: ['0 6 * * 1-5'], timeZone: 'Europe/Berlin', jitter: '5m' },
      parameters: { day: '{{scheduled_time-1d:date}}' },
      lastRuns: [],
    });
    expect(made.nextTimes).toHaveLength(5);
    const berlin = made.nextTimes.map((time) =>
      new Date(time).toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' }),
    );
    expect(berlin.filter((time) => !/^06:0[0-5]:/.test(time))).toEqual([]); // jitter: 5 minutes
    const listed = await waitUntil('it is listed', async () => {
      const all = await client.schedules.list();
      return all.find(({ name }) => name === 'nightly');
    });
    expect(listed).toEqual(made);
  });

  test('starts its runs on the queue that its client was given, and is of no other queue', async () => {
    const options = { address: server.address, namespace: 'default', store, taskQueue: 'other' };
    const other = await AnnealClient.connect(options);
    try {
      const request = { pipeline: demo, times: YEARLY, parameters: { behaviour: 'succeed' } };
      await other.schedules.create({ name: 'elsewhere', ...request });
      const runId = await other.schedules.trigger('elsewhere');
      const stuck = await waitUntil('nobody takes the run', async () => {
        const [run] = await other.list();
        return run?.stuck;
      });
      const seen = client.schedules.describe('elsewhere');

      expect(runId).toContain('elsewhere');
      expect(stuck.message).toBe('no worker polls the task queue "other"');
      await expect(seen).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    } finally {
      await other.schedules.delete('elsewhere');
      await other.close();
    }
  });

  test.each([
    ['a missing parameter', { parameters: {} }, 'E_PARAM', '"behaviour"'],
    ['a mistyped one', { parameters: { behaviour: 'a', rate: 'b' } }, 'E_PARAM', '"rate"'],
    [
      'an unknown format',
      { parameters: { behaviour: '{{scheduled_time:dat}}' } },
      'E_PARAM',
      '{{scheduled_time:dat}}',
    ],
    ['an unknown zone', { times: { ...YEARLY, timeZone: 'Berlin' } }, 'E_PARAM', '"Berlin"'],
    ['no time', { times: {} }, 'E_USAGE', 'no time'],
    ['cron of six fields', { times: { cron: ['0 0 6 * * *'] } }, 'E_USAGE', '"0 0 6 * * *"'],
    ['cron the server refuses', { times: { cron: ['0 25 * * *'] } }, 'E_USAGE', 'refused'],
    ['an interval without unit', { times: { every: ['6'] } }, 'E_USAGE', '"6"'],
    ['a calendar of no field', { times: { calendars: ['day=3'] } }, 'E_USAGE', '"day=3"'],
    ['a name with a slash', { name: 'a/b' }, 'E_NAME', '"a/b"'],
    ['an unknown pipeline', { pipeline: 'dmeo' }, 'E_NOT_FOUND', '"demo"?'],
    ['a name that is taken', { name: 'nightly' }, 'E_ALREADY_STARTED', '"nightly"'],
  ])('S1: %s is refused when it is made', async (_, change, code, words) => {
    const request = {
      name: 'refused',
      pipeline: demo,
      times: YEARLY,
      parameters: { behaviour: 'succeed' },
      ...change,
    };

    const creating = client.schedules.create(request);

    await expect(creating).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
  });

  test('what is not there is named, with what is nearest', async () => {
    await expect(client.schedules.describe('nigthly')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: expect.stringContaining('"nightly"?') as string,
    });
  });

  test('pauses, resumes, changes and goes', async () => {
    await client.schedules.create({
      name: 'changing',
      pipeline: demo,
      times: YEARLY,
      parameters: { behaviour: 'succeed' },
    });

    await client.schedules.pause('changing', 'holidays');
    expect(await client.schedules.describe('changing')).toMatchObject({
      paused: true,
      note: 'holidays',
      nextTimes: [],
    });
    await client.schedules.resume('changing', 'back');
    const changed = await client.schedules.update('changing', {
      overlap: 'buffer-one',
      follow: 'latest',
      times: { every: ['6h/30m'] },
    });
    await client.schedules.delete('changing');

    expect(changed).toMatchObject({
      paused: false,
      overlap: 'buffer-one',
      follow: 'latest',
      times: { every: ['6h/30m'] },
      parameters: { behaviour: 'succeed' },
      catchupWindow: '1h',
    });
    expect(changed.version).toBeUndefined();
    expect(changed.nextTimes[0]).toMatch(/T(00|06|12|18):30:00\.000Z$/);
    await expect(client.schedules.describe('changing')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  test.each<[OverlapPolicy, RunStatus[]]>([
    ['skip', ['running']],
    ['allow-all', ['running', 'running']],
    ['cancel-other', ['running', 'canceled']],
    ['terminate-other', ['running', 'failed']],
  ])('with overlap %s a second trigger leaves %j', async (overlap, expected) => {
    const name = `second-${overlap}`;
    await waiting(name, overlap);

    await client.schedules.trigger(name);
    await client.schedules.trigger(name);

    await waitUntil(`the runs are ${expected.join(', ')}`, async () => {
      const states = await statesOf(name);
      return JSON.stringify(states) === JSON.stringify(expected);
    });
    await endAll(name);
  });

  test.each<[OverlapPolicy, number]>([
    ['buffer-one', 1],
    ['buffer-all', 2],
  ])('with overlap %s, of two more triggers %i run afterwards', async (overlap, afterwards) => {
    const name = `queue-${overlap}`;
    await waiting(name, overlap);
    await client.schedules.trigger(name);
    expect(await client.schedules.trigger(name)).toBeUndefined();
    expect(await client.schedules.trigger(name)).toBeUndefined();
    expect(await statesOf(name)).toEqual(['running']);

    for (let ended = 1; ended <= afterwards; ended += 1) {
      await endAll(name);
      await waitUntil(`run ${ended + 1} has started`, async () => {
        const states = await statesOf(name);
        return states.length === ended + 1 && states[0] === 'running';
      });
    }
    await endAll(name);

    const { info } = await waitUntil('nothing waits', async () => {
      const view = await client.schedules.describe(name);
      return view.lastRuns.every(({ status }) => status !== 'running') && { info: view };
    });
    expect(info.counts.started).toBe(afterwards + 1);
  });

  test('a run that fails pauses the schedule, when it was asked to', async () => {
    await client.schedules.create({
      name: 'failing',
      pipeline: demo,
      times: YEARLY,
      parameters: { behaviour: 'fail' },
      pauseOnFailure: true,
    });

    await client.schedules.trigger('failing');

    const paused = await waitUntil('it is paused', async () => {
      const view = await client.schedules.describe('failing');
      return view.paused && view;
    });
    expect(paused.lastRuns).toMatchObject([{ status: 'failed' }]);
  });

  test('a backfill tells its times, starts them, and does not start them twice', async () => {
    await client.schedules.create({
      name: 'hourly',
      pipeline: demo,
      times: { every: ['1h'] },
      parameters: { behaviour: 'succeed' },
    });
    const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-01T02:00:00Z') };
    await claimRun(store, 'hourly-2026-01-01T01:00:00Z', 'an earlier run of that time');

    const planned = await client.schedules.backfill('hourly', { ...range, dryRun: true });
    const started = await client.schedules.backfill('hourly', range);

    expect(planned).toEqual([
      {
        scheduledAt: '2026-01-01T00:00:00Z',
        runId: 'hourly-2026-01-01T00:00:00Z',
        state: 'planned',
      },
      { scheduledAt: '2026-01-01T01:00:00Z', runId: 'hourly-2026-01-01T01:00:00Z', state: 'known' },
      {
        scheduledAt: '2026-01-01T02:00:00Z',
        runId: 'hourly-2026-01-01T02:00:00Z',
        state: 'planned',
      },
    ]);
    expect(started.map(({ state }) => state)).toEqual(['started', 'known', 'started']);
    const ids = ['hourly-2026-01-01T00:00:00Z', 'hourly-2026-01-01T02:00:00Z'];
    await waitUntil('both have run', async () => (await listed('hourly')).length === 2);
    expect((await listed('hourly')).sort()).toEqual(ids);
    for (const id of ids) expect(await client.result(id)).toMatchObject({ status: 'succeeded' });
  });

  test('what was missed while the server was down is made up for within the window', async () => {
    const common = { pipeline: demo, parameters: { behaviour: 'succeed' } } as const;
    const times = { every: ['2s'] };
    await client.schedules.create({ ...common, name: 'patient', times, overlap: 'allow-all' });
    await client.schedules.create({
      ...common,
      name: 'strict',
      times,
      overlap: 'allow-all',
      catchupWindow: '10s',
    });
    await waitUntil('both have fired', async () => {
      const views = await Promise.all(
        ['patient', 'strict'].map((name) => client.schedules.describe(name)),
      );
      return views.every(({ counts }) => counts.started > 0);
    });

    await server.kill();
    const downAt = Date.now();
    await waitUntil('the server was down for seven ticks', () => Date.now() - downAt > 14_500);
    server = await startTemporal(database, server.port);

    const missed = ticksBetween(downAt, downAt + 14_000);
    await waitUntil('the patient one has caught up', async () => {
      const ids = await listed('patient');
      return missed.every((time) => ids.includes(`patient-${time}`));
    });
    const strict = await waitUntil('the strict one goes on', async () => {
      const view = await client.schedules.describe('strict');
      return view.counts.missedCatchupWindow > 0 && view;
    });
    expect(await listed('strict')).not.toContain(`strict-${missed[0]}`);
    expect(strict.counts.missedCatchupWindow).toBeLessThan(missed.length);
    await Promise.all(['patient', 'strict'].map((name) => client.schedules.delete(name)));
  }, 90_000);

  /** A schedule whose runs go on until they are ended. */
  async function waiting(name: string, overlap: OverlapPolicy): Promise<void> {
    await client.schedules.create({
      name,
      pipeline: demo,
      times: YEARLY,
      parameters: { behaviour: 'wait' },
      overlap,
    });
  }

  /** States of a schedule's runs, the newest first. */
  async function statesOf(name: string): Promise<(RunStatus | undefined)[]> {
    return (await client.schedules.describe(name)).lastRuns.map(({ status }) => status);
  }

  async function endAll(name: string): Promise<void> {
    const { lastRuns } = await client.schedules.describe(name);
    const open = lastRuns.filter(({ status }) => status === 'running');
    await Promise.all(open.map(({ runId }) => client.cancel(runId)));
    await Promise.all(open.map(({ runId }) => client.result(runId)));
  }

  async function listed(name: string): Promise<string[]> {
    const runs = await client.list({ limit: 1000 });
    return runs.map(({ runId }) => runId).filter((runId) => runId.startsWith(`${name}-`));
  }
});

/** Even seconds strictly between two instants, as they stand in run ids. */
function ticksBetween(fromMs: number, toMs: number): string[] {
  const first = Math.floor(fromMs / 2000) + 1;
  const last = Math.floor(toMs / 2000);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    new Date((first + index) * 2000).toISOString().replace('.000Z', 'Z'),
  );
}
