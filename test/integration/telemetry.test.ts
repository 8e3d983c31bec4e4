// What a real worker tells of real runs: its log, its metrics, its traces.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { execaSync, type ResultPromise } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingImage, TASKS_IMAGE } from '../images/support/images.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { freePort } from '../support/free-port.js';
import { attributeOf, openOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.js';
import { scrape, total, type Sample } from '../support/read-metrics.js';
import { startTemporal, type TemporalServer } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';

const TRACED = path.join(import.meta.dirname, '../support/pipelines/traced.yaml');
const IN_CONTAINER = path.join(
  import.meta.dirname,
  '../support/pipelines/traced-in-container.yaml',
);
const DASHBOARD = path.join(import.meta.dirname, '../../docs/grafana/anneal.json');
const RECEIVER_KEY = 'key-of-the-receiver';
const CHURN = [
  ...['ml-training-pipeline', '-p', 'data_path=examples/churn/mlc_churn.csv'],
  ...['-p', 'n_estimators=10', '-p', 'deploy_threshold=0.999'],
];

const METRIC = /\b(?:anneal|temporal)_[a-z_]+/g;

interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
}

interface LogEntry extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly message: string;
}

/** This machine's address on the network that a container may ask for. */
function bridgeGateway(): string {
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  return execaSync('docker', ['network', 'inspect', 'bridge', '--format', format]).stdout;
}

describe.skipIf(TEST_PYTHON === undefined)('a worker', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-telemetry-'));
  let server: TemporalServer;
  let receiver: OtlpReceiver;
  let occupant: Server;
  let home: AnnealHome;
  let worker: ResultPromise;
  let said = '';
  let first: RunJson;
  let second: RunJson;
  let samples: readonly Sample[];

  beforeAll(async () => {
    const port = await freePort();
    occupant = createServer().listen(port, '127.0.0.1');
    [server, receiver] = await Promise.all([
      startTemporal(path.join(folder, 'temporal.db')),
      openOtlpReceiver(),
    ]);
    home = new AnnealHome({
      TEMPORAL_ADDRESS: server.address,
      ANNEAL_METRICS_ADDRESS: `${port}-${Math.min(port + 20, 65_535)}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `x-receiver-key=${RECEIVER_KEY}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    worker = home.start('worker');
    worker.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await waitUntil('the worker polls', () => said.includes('Worker ready'));
    const run = ['-p', `marker=${path.join(folder, 'marker')}`];
    first = await home.run(TRACED, ...run);
    second = await home.run(TRACED, ...run);
    await home.run(...CHURN);
    samples = await scrape(metricsAddress());
  });
  afterAll(async () => {
    worker.kill('SIGTERM');
    await worker;
    await home.close();
    await server.kill();
    await receiver.close();
    occupant.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const log = (): LogEntry[] =>
    said
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogEntry);
  const metricsAddress = (): string =>
    String(log().find(({ message }) => message === 'metrics are served')!['address']);

  test('makes one trace of a run, from the client through workflow and activity into the task', async () => {
    const trace = String(first.outputs['trace']);
    const [, traceId = '', taskParent = ''] = trace.split('-');
    const spans = await waitUntil('the whole trace has come', () => {
      const found = receiver.spans().filter((span) => span.traceId === traceId);
      return found.some(({ name }) => name === 'RunWorkflow:pipeline') && found;
    });
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const parentOf = (id = ''): string => byId.get(id)?.parentSpanId ?? '';

    const way = [taskParent, parentOf(taskParent), parentOf(parentOf(taskParent))];
    const root = parentOf(way[2]);

    expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect([...way, root].map((id) => byId.get(id)?.name)).toEqual([
      'RunActivity:runTask',
      'StartActivity:runTask',
      'RunWorkflow:pipeline',
      'StartWorkflow:pipeline',
    ]);
    expect(byId.get(root)?.service).toBe('anneal-client');
    expect(parentOf(root)).toBe('');
    expect(byId.get(taskParent)?.service).toBe('anneal-worker');
    expect(attributeOf(byId.get(taskParent)!, 'anneal.run_id')).toBe(first.runId);
    expect(attributeOf(byId.get(taskParent)!, 'anneal.task')).toBe('tell');
    expect(Number(attributeOf(byId.get(taskParent)!, 'anneal.attempt'))).toBe(2);
  });

  test('has no spans for questions, and every run has a trace of its own', () => {
    const spans = receiver.spans();
    const roots = spans.filter(({ parentSpanId }) => !parentSpanId);

    expect(spans.filter(({ name }) => /Query|Describe/.test(name))).toEqual([]);
    expect(roots.map(({ name }) => name)).toEqual([
      'StartWorkflow:pipeline',
      'StartWorkflow:pipeline',
      'StartWorkflow:pipeline',
    ]);
    expect(new Set(receiver.headers('x-receiver-key'))).toEqual(new Set([RECEIVER_KEY]));
  });

  test('counts tasks, waits, retries, look-ups in the cache, runs and deployments', () => {
    const count = (name: string, labels: Record<string, string>): number =>
      total(samples, name, { pipeline: 'traced', ...labels });

    expect([first.status, second.status]).toEqual(['succeeded', 'succeeded']);
    const tries = 'anneal_task_duration_seconds_count';
    const tell = { component: 'comp-tell', runner: 'process' };
    expect(count(tries, { ...tell, outcome: 'failed' })).toBe(1);
    expect(count(tries, { ...tell, outcome: 'succeeded' })).toBe(1);
    expect(count(tries, { component: 'comp-repeat', outcome: 'succeeded' })).toBe(1);
    expect(count('anneal_queue_wait_seconds_count', { task_queue: 'anneal-cpu' })).toBe(3);
    expect(count('anneal_task_retries_total', { cause: 'user_code' })).toBe(1);
    expect(count('anneal_task_retries_total', { cause: 'infrastructure' })).toBe(0);
    expect(count('anneal_cache_lookups_total', { result: 'miss' })).toBe(2);
    expect(count('anneal_cache_lookups_total', { result: 'hit' })).toBe(2);
    expect(count('anneal_runs_total', { status: 'succeeded' })).toBe(2);
    expect(
      total(samples, 'anneal_deployments_total', {
        pipeline: 'ml-training-pipeline',
        status: 'refused',
      }),
    ).toBe(1);
  });

  test('shows every metric that the Grafana dashboard asks for, with its labels', () => {
    const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const asked = queries.flatMap((query) => {
      const labels = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, by]) => by!.split(', '));
      return [...query.matchAll(METRIC)].map(([name]) => ({ name, labels }));
    });

    const missing = asked.filter(
      ({ name, labels }) =>
        !samples.some(
          (sample) => sample.name === name && labels.every((each) => each in sample.labels),
        ),
    );

    expect(missing).toEqual([]);
    expect(new Set(asked.map(({ name }) => name)).size).toBeGreaterThan(10);
  });

  test('names run, pipeline, task and try in every line of a task, and no secret', () => {
    const lines = log().filter(({ activityType }) => activityType === 'runTask');
    const ids = lines.map(({ runId, pipeline, task, attempt }) => ({
      ...{ runId, pipeline, task, attempt },
    }));

    expect(ids).toContainEqual({
      ...{ runId: first.runId, pipeline: 'traced', task: 'tell', attempt: 1 },
    });
    expect(ids).toContainEqual({
      ...{ runId: first.runId, pipeline: 'traced', task: 'tell', attempt: 2 },
    });
    expect(ids.flatMap((line) => Object.values(line)).filter((id) => id === undefined)).toEqual([]);
    expect(lines.find(({ level }) => level === 'warn')).toMatchObject({
      message: 'Activity failed',
      error: { code: 'E_TASK_EXIT' },
    });
    expect(lines.find(({ message }) => message === 'task succeeded')).toMatchObject({
      ...{ runId: first.runId, task: 'tell' },
      trace_id: String(first.outputs['trace']).split('-')[1],
    });
    expect(said).not.toContain(RECEIVER_KEY);
  });

  test.skipIf(missingImage(TASKS_IMAGE) !== undefined)(
    "a task's span from its container joins the trace, over the network that the task asked for",
    { timeout: 180_000 },
    async () => {
      const outside = await openOtlpReceiver(bridgeGateway());
      const run = await home.run(
        IN_CONTAINER,
        '--runner',
        'docker',
        '-p',
        `receiver=${outside.endpoint}`,
      );
      const [span] = outside.spans();
      await outside.close();

      const parent = await waitUntil("the worker's span has come", () =>
        receiver.spans().find(({ spanId }) => spanId === span?.parentSpanId),
      );

      expect(span).toMatchObject({ name: 'fit', service: 'training', traceId: parent.traceId });
      expect(parent).toMatchObject({ name: 'RunActivity:runTask', service: 'anneal-worker' });
      expect(attributeOf(parent, 'anneal.run_id')).toBe(run.runId);
    },
  );

  test('traced or not, another worker can go on with the run', async () => {
    const connection = await Connection.connect({ address: server.address });
    const handle = new Client({ connection }).workflow.getHandle(first.runId);
    const history = await handle.fetchHistory();
    await connection.close();
    Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });

    const replays = ['workflow-bundle.cjs', 'workflow-bundle.traced.cjs'].map((name) => {
      const code = readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8');
      return Worker.runReplayHistory({ workflowBundle: { code } }, history, first.runId);
    });

    await expect(Promise.all(replays)).resolves.toHaveLength(2);
  });
});
