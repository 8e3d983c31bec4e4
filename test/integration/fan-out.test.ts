// A loop of many items on a real server: complete, in order, with histories that stay short.

import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnnealActivities, RunPlan, RunView } from '../../src/contract/index.js';
import { startTemporal, TEMPORAL_CLI } from '../support/temporal-server.js';
import type { TemporalServer } from '../support/temporal-server.js';
import { isAskedFor } from '../support/suites.js';
import { waitUntil } from '../support/wait-until.js';

const MANY = 10_000;
/** Minutes for 10,000 items, most of them the server's own work; 2,000 need slices, too. */
const ITEMS = isAskedFor('long') ? MANY : 2000;
if (ITEMS < MANY) console.warn(`SKIPPED: a loop of ${MANY} items (npm run test:long)`);
/** Temporal warns at 10,240 events (limit.historyCount.warn). */
const MOST_EVENTS = 10_000;
const BUNDLE = new URL('../../dist/workflow-bundle.cjs', import.meta.url);
const INTEGER = { parameterType: 'NUMBER_INTEGER' } as const;

function plan(runId: string, items = ITEMS): RunPlan {
  const run = { runId, pipeline: 'fan-out', digest: 'sha256:0' };
  const item = { inputs: { parameters: { x: { componentInputParameter: 'x' } } } };
  return {
    run,
    startedAt: new Date(0).toISOString(),
    ...graph(item, items),
    parameters: {},
    cache: false,
    warnings: [],
    searchAttributes: false,
    heartbeatSeconds: 30,
  };
}

function graph(item: object, items: number): Pick<RunPlan, 'spec' | 'executors'> {
  const collected = { producerSubtask: 'loop', outputParameterKey: 'squares' };
  return {
    executors: { 'exec-square': { kind: 'container' } },
    spec: {
      components: {
        'comp-square': {
          executorLabel: 'exec-square',
          inputDefinitions: { parameters: { x: INTEGER } },
          outputDefinitions: { parameters: { Output: INTEGER } },
        },
        'comp-loop': {
          inputDefinitions: { parameters: { x: INTEGER } },
          outputDefinitions: { parameters: { squares: { parameterType: 'LIST' } } },
          dag: {
            tasks: { square: { componentRef: { name: 'comp-square' }, ...item } },
            outputs: {
              parameters: {
                squares: {
                  valueFromParameter: { producerSubtask: 'square', outputParameterKey: 'Output' },
                },
              },
            },
          },
        },
      },
      root: {
        dag: {
          tasks: {
            loop: {
              componentRef: { name: 'comp-loop' },
              parameterIterator: {
                items: { raw: JSON.stringify(Array.from({ length: items }, (_, index) => index)) },
                itemInput: 'x',
              },
            },
          },
          outputs: { parameters: { squares: { valueFromParameter: collected } } },
        },
      },
    },
  };
}

/** Activities that cost nothing, so that what is measured is the orchestration. */
const activities: Partial<AnnealActivities> = {
  prepareRun: ({ runId }) => Promise.resolve(plan(runId)),
  loadGraph: () => {
    const { spec, executors } = plan('');
    return Promise.resolve({ spec, executors });
  },
  runTask: ({ inputs }) => {
    const x = inputs.parameters['x'] as number;
    return Promise.resolve({
      outputs: { parameters: { Output: x * x }, artifacts: {} },
      manifestKey: '',
      cached: false,
    });
  },
  recordRun: () => Promise.resolve(),
};

describe.skipIf(TEMPORAL_CLI === '')(`a loop of ${ITEMS} items`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'anneal-fan-out-'));
  let server: TemporalServer;
  let connection: Connection;
  let native: NativeConnection;

  beforeAll(async () => {
    server = await startTemporal(join(folder, 'temporal.db'));
    connection = await Connection.connect({ address: server.address });
    native = await NativeConnection.connect({ address: server.address });
  });
  afterAll(async () => {
    await connection.close();
    await native.close();
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  test('pauses in its slices, too, and goes on', async () => {
    const items = 40;
    const begun: unknown[] = [];
    let ended = 0;
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const worker = await Worker.create({
      connection: native,
      taskQueue: 'paused',
      workflowBundle: { code: await readFile(BUNDLE, 'utf8') },
      activities: {
        ...activities,
        prepareRun: ({ runId }) => Promise.resolve({ ...plan(runId, items), tasksPerHistory: 10 }),
        runTask: async (request) => {
          begun.push(request.task);
          await gate;
          ended += 1;
          return activities.runTask!(request);
        },
      } satisfies Partial<AnnealActivities>,
    });
    const client = new Client({ connection });

    await worker.runUntil(async () => {
      const handle = await client.workflow.start<() => Promise<RunView>>('pipeline', {
        taskQueue: 'paused',
        workflowId: 'paused',
        args: [{ pipeline: { name: 'fan-out' } }] as never,
      });
      await waitUntil('tasks of slices run', () => begun.length > 0);
      await handle.signal('pause', { reason: 'lunch' });
      await waitUntil('the slices have heard of it', () => areTold(client, 'paused'));
      open();
      await waitUntil('what ran has ended', () => ended === begun.length);
      const { paused } = await handle.query<RunView>('run');
      const whilePaused = begun.length;
      await handle.signal('resume');
      const view = await handle.result();

      expect(paused?.reason).toBe('lunch');
      expect(whilePaused).toBeLessThan(items);
      expect(begun).toHaveLength(items);
      expect(view.outputs['squares']).toHaveLength(items);
    });
  }, 120_000);

  test('gives every output in item order, with no history of 10,000 events', async () => {
    const worker = await Worker.create({
      connection: native,
      taskQueue: 'fan-out',
      workflowBundle: { code: await readFile(BUNDLE, 'utf8') },
      activities,
    });
    const client = new Client({ connection });

    const view = await worker.runUntil(
      client.workflow.execute<() => Promise<RunView>>('pipeline', {
        taskQueue: 'fan-out',
        workflowId: 'fan-out',
        args: [{ pipeline: { name: 'fan-out' } }] as never,
      }),
    );

    const lengths: number[] = [];
    for await (const execution of client.workflow.list({
      query: 'WorkflowId STARTS_WITH "fan-out"',
    })) {
      lengths.push(execution.historyLength);
    }
    expect(view.outputs['squares']).toEqual(
      Array.from({ length: ITEMS }, (_, index) => index * index),
    );
    expect(lengths.length).toBeGreaterThan(ITEMS / 1000);
    expect(Math.max(...lengths)).toBeLessThan(MOST_EVENTS);
  }, 900_000);
});

/** Whether every slice of a run that goes on was told something. */
async function areTold(client: Client, runId: string): Promise<boolean> {
  const told: boolean[] = [];
  const query = `WorkflowId STARTS_WITH "${runId}/" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    told.push(events!.some((event) => event.workflowExecutionSignaledEventAttributes));
  }
  return told.length > 0 && told.every(Boolean);
}
