// Runs that make no progress, on a real server: the client says so, with the cause and what to do.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CompleteAsyncError, Context } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealClient } from '../../src/client/index.js';
import { TASK_QUEUE, type RunView } from '../../src/contract/index.js';
import { openLocalStore } from '../../src/storage/index.js';
import { waitUntil } from '../support/wait-until.js';
import { startTemporal, TEMPORAL_CLI, type TemporalServer } from '../support/temporal-server.js';

const BUNDLE = readFileSync(new URL('../../dist/workflow-bundle.cjs', import.meta.url), 'utf8');

describe.skipIf(TEMPORAL_CLI === '')('a run that makes no progress', { timeout: 180_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-stuck-'));
  let server: TemporalServer;
  let client: AnnealClient;
  let connection: NativeConnection;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
    server = await startTemporal(path.join(folder, 'temporal.db'));
    const store = await openLocalStore(path.join(folder, 'store'));
    const { address } = server;
    client = await AnnealClient.connect({ address, namespace: 'default', store });
    connection = await NativeConnection.connect({ address });
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await connection.close();
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('because no worker polls: that is said after a few seconds', async () => {
    const { runId } = await client.start({ pipeline: { name: 'anything' }, runId: 'waiting' });

    const trouble = await new Promise<Error | undefined>((resolve) => {
      const stop = new AbortController();
      const onTrouble = (error?: Error): void => {
        stop.abort();
        resolve(error);
      };
      void collect(client.watch(runId, { signal: stop.signal, onTrouble }));
    });
    const [listed] = await client.list();

    expect(trouble).toMatchObject({ code: 'E_WORKER' });
    expect(trouble?.message).toContain(`No worker polls the task queue "${TASK_QUEUE}"`);
    expect(listed?.stuck).toMatchObject({ cause: 'worker' });
  });

  test('because the workers have other code than it was started with', async () => {
    const { runId } = await client.start({ pipeline: { name: 'anything' }, runId: 'mismatch' });
    await during(BUNDLE, () =>
      firstView(runId, ({ tasks }) => tasks.some(({ status }) => status === 'running')),
    );

    const view = await during(BUNDLE.replaceAll('runTask', 'runOther'), () =>
      firstView(runId, ({ stuck }) => stuck !== undefined),
    );
    expect(view.stuck).toMatchObject({ cause: 'history' });
    expect(view.stuck?.message).toContain('runOther');
    expect(view.stuck?.remedy).toContain(`anneal retry ${runId}`);
  });

  test('because its next step fails again and again', async () => {
    const { runId } = await client.start({ pipeline: { name: 'anything' }, runId: 'failing' });
    const start = 'async function runWorkflow(input) {';
    const broken = BUNDLE.replace(start, `${start} throw new Error('broken build');`);

    const [shown, listed] = await during(broken, () =>
      waitUntil('the server counts failures', async () => {
        const view = await client.show(runId).catch(() => undefined);
        const summary = (await client.list()).find((run) => run.runId === runId);
        return view?.stuck && summary?.stuck ? ([view, summary] as const) : undefined;
      }),
    );

    expect(shown.stuck?.attempts).toBeGreaterThan(1);
    expect(shown.stuck).toMatchObject({ cause: 'code' });
    expect(shown.stuck?.message).toContain('broken build');
    expect(listed.stuck?.cause).toBe('code');
  });

  test('because a value is larger than the server carries', async () => {
    const { runId } = await client.start({ pipeline: { name: 'anything' }, runId: 'too-large' });
    const start = 'async function runWorkflow(input) {';
    // Over 2 MiB, the server's limit.blobSize.error: the SDK reports it in place of the step.
    const large = BUNDLE.replace(start, `${start} return 'x'.repeat(3 * 1024 * 1024);`);

    const view = await during(large, () =>
      waitUntil('the server counts failures', async () => {
        const shown = await client.show(runId).catch(() => undefined);
        return shown?.stuck && shown;
      }),
    );

    expect(view.stuck).toMatchObject({ cause: 'size' });
    expect(view.stuck?.message).toContain('larger than the server carries');
    expect(view.stuck?.remedy).toContain('Pass large values as artifacts');
  });

  /** Runs a worker whose only task never ends, while something is done. */
  async function during<Result>(code: string, work: () => Promise<Result>): Promise<Result> {
    const worker = await Worker.create({
      connection,
      taskQueue: TASK_QUEUE,
      workflowBundle: { code },
      activities: ACTIVITIES,
      shutdownGraceTime: 0,
    });
    return worker.runUntil(work);
  }

  async function firstView(runId: string, wanted: (view: RunView) => boolean): Promise<RunView> {
    for await (const view of client.watch(runId, { intervalMs: [100, 500] })) {
      if (wanted(view)) return view;
    }
    throw new Error(`run ${runId} ended`);
  }
});

/** A task that ends with its worker, and leaves the server to find out. */
async function neverEnds(): Promise<never> {
  await Context.current().cancelled.catch(() => undefined);
  throw new CompleteAsyncError();
}

/** A plan of one task. */
const ACTIVITIES = {
  prepareRun: ({ runId }: { runId: string }) =>
    Promise.resolve({
      run: { runId, pipeline: 'anything', digest: `sha256:${'0'.repeat(64)}` },
      startedAt: '2026-01-01T00:00:00.000Z',
      spec: {
        components: { 'comp-a': { executorLabel: 'exec-a' } },
        root: { dag: { tasks: { a: { componentRef: { name: 'comp-a' } } } } },
      },
      executors: { 'exec-a': { kind: 'container' } },
      parameters: {},
      cache: false,
      warnings: [],
      searchAttributes: false,
      heartbeatSeconds: 1,
    }),
  runTask: neverEnds,
  runOther: neverEnds,
};

async function collect(views: AsyncIterable<RunView>): Promise<void> {
  for await (const view of views) if (view.status !== 'running') return;
}
