import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NEEDS, ServiceHarness, TEST_PYTHON } from './service-harness.js';

let harness: ServiceHarness;

beforeEach(() => {
  harness = new ServiceHarness();
});

afterEach(() => harness.dispose());

const within = { timeout: 15_000, interval: 20 };

describe.skipIf(TEST_PYTHON === undefined)(`the embedded service recovers, ${NEEDS}`, () => {
  test('a killed server is back on the same address with its runs', async () => {
    const lease = await harness.open();
    const connection = await Connection.connect({ address: lease.address });
    const client = new Client({ connection });
    const handle = await client.workflow.start('nobody-runs-this', {
      taskQueue: 'nobody',
      workflowId: 'survivor',
    });
    const { server } = harness.processes();

    process.kill(server.pid, 'SIGKILL');

    await harness.gone({ server });
    await vi.waitFor(
      async () => expect((await handle.describe()).status.name).toBe('RUNNING'),
      within,
    );
    expect(harness.processes().server).not.toEqual(server);
    expect(harness.reports).toContain('The Temporal server stopped; it is being started again.');
    await connection.close();
  });

  test('a killed worker is started again', async () => {
    const lease = await harness.open();
    const { worker } = harness.processes();

    process.kill(worker.pid, 'SIGKILL');

    await vi.waitFor(() => expect(harness.processes().worker).not.toEqual(worker), within);
    await vi.waitFor(() => expect(lease.workersReady).toBe(true), within);
  });

  test('a killed supervisor is replaced for a command that is open, on the same address', async () => {
    const lease = await harness.open();
    const { address } = lease;
    const before = harness.processes();

    process.kill(before.supervisor.pid, 'SIGKILL');

    await harness.gone(before);
    await vi.waitFor(() => expect(harness.processes().worker).toBeDefined(), within);
    await vi.waitFor(() => expect(lease.workersReady).toBe(true), within);
    expect(lease.address).toBe(address);
    const connection = await Connection.connect({ address });
    await connection.workflowService.getSystemInfo({});
    await connection.close();
  });

  test('what a killed supervisor ran ends with it, even when no command comes after it', async () => {
    const { child } = await harness.startCommand();
    const before = harness.processes();
    child.kill('SIGKILL');

    process.kill(before.supervisor.pid, 'SIGKILL');

    await harness.gone(before);
  });

  test('a run held by a killed supervisor is held by the next one', async () => {
    const first = await harness.open();
    const connection = await Connection.connect({ address: first.address });
    const client = new Client({ connection });
    const handle = await client.workflow.start('nobody-runs-this', {
      taskQueue: 'nobody',
      workflowId: 'held',
    });
    await first.hold('held');
    await first.close();
    const before = harness.processes();
    process.kill(before.supervisor.pid, 'SIGKILL');
    await harness.gone(before);

    const second = await harness.open({ needWorkers: false });
    const after = harness.processes();
    await second.close();

    expect(after.worker).toBeDefined();
    expect(harness.processes()).toEqual(after);
    await handle.terminate();
    await harness.gone(after);
    await connection.close();
  });
});
