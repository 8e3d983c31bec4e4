import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { Runtime } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scrape, total } from '../../support/read-metrics.js';
import { installRuntime } from '../../../workers/install-runtime.js';
import type { ActivityTry } from '../../../src/telemetry/metrics/index.js';

const SILENT = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const host = '127.0.0.1';

/** How long a test waited for a worker, and what that is called. */
const TRY: ActivityTry = {
  ...{ activityType: 'runTask', isLocal: false, attempt: 2, taskQueue: 'anneal-cpu' },
  currentAttemptScheduledTimestampMs: 1000,
};

describe('the port of the metrics', () => {
  let occupant: Server;
  let taken: number;

  beforeEach(async () => {
    occupant = createServer().listen(0, host);
    await once(occupant, 'listening');
    taken = (occupant.address() as AddressInfo).port;
  });
  afterEach(async () => {
    occupant.close();
    await Runtime._instance?.shutdown();
  });

  const install = (firstPort: number, lastPort: number, log: string[] = []) =>
    installRuntime({
      telemetry: { logLevel: 'info', isTraced: false, metrics: { host, firstPort, lastPort } },
      logger: { ...SILENT, info: (_, meta) => void log.push(String(meta?.['address'])) },
      defaultRunner: 'process',
    });

  test('that is taken is said, with the remedy (M1)', () => {
    expect(() => install(taken, taken)).toThrowError(
      expect.objectContaining({
        code: 'E_CONFIG',
        message: expect.stringContaining(`${host}:${taken}`) as string,
        hint: expect.stringContaining('range') as string,
      }) as Error,
    );
  });

  test('is the first free one of a range, and what is counted can be read there (M1)', async () => {
    const log: string[] = [];
    const facts = { runId: 'r', pipeline: 'churn', component: 'comp-train', task: 'train' };
    const metrics = install(taken, Math.min(taken + 20, 65_535), log)!;

    metrics.began(facts, TRY, 3500);
    metrics.ended(facts, TRY, { outcome: 'lost', seconds: 90 });

    const samples = await scrape(log[0]!);
    const task = { pipeline: 'churn', component: 'comp-train' };
    expect(log[0]).not.toContain(`:${taken}/`);
    const waited = { ...task, task_queue: 'anneal-cpu' };
    expect(total(samples, 'anneal_queue_wait_seconds_sum', waited)).toBe(2.5);
    expect(total(samples, 'anneal_task_retries_total', { ...task, cause: 'infrastructure' })).toBe(
      1,
    );
    const ended = { ...task, runner: 'process', outcome: 'lost' };
    expect(total(samples, 'anneal_task_duration_seconds_bucket', { ...ended, le: '60' })).toBe(0);
    expect(total(samples, 'anneal_task_duration_seconds_bucket', { ...ended, le: '300' })).toBe(1);
    expect(JSON.stringify(samples)).not.toContain('"r"'); // no label for a run
  });
});
