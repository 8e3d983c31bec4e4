import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isSameProcessAlive } from '#process-identity';
import { SEARCH_ATTRIBUTES } from '../../../src/contract/index.js';
import { loadSettings } from '../../../src/config/index.js';
import { isPortFree } from '../../../src/devserver/service/free-ports.js';
import { NEEDS, ServiceHarness, TEST_PYTHON } from './service-harness.js';

let harness: ServiceHarness;

afterEach(() => harness.dispose());

const portOf = (address: string): number => Number(address.split(':')[1]);

describe.skipIf(TEST_PYTHON === undefined)(`the life of the embedded service, ${NEEDS}`, () => {
  test('two commands that start at once share one service', async () => {
    harness = new ServiceHarness();

    const [first, second] = await Promise.all([harness.startCommand(), harness.startCommand()]);

    expect(first.address).toBe(second.address);
    expect(harness.reports).toEqual([]);
  });

  test('the service goes on while one of two commands still needs it', async () => {
    harness = new ServiceHarness();
    const [first] = await Promise.all([harness.open(), harness.open()]);
    const processes = harness.processes();

    await first.close();

    expect(Object.values(processes).map(isSameProcessAlive)).toEqual([true, true, true]);
  });

  test('closing the last lease returns when no process, port, socket or state file is left', async () => {
    harness = new ServiceHarness();
    const lease = await harness.open();
    const processes = harness.processes();
    const ports = [lease.address, lease.uiUrl!.slice('http://'.length)].map(portOf);

    await lease.close();

    await harness.gone({ supervisor: processes.supervisor });
    expect(Object.values(processes).filter(isSameProcessAlive)).toEqual([]);
    expect(await Promise.all(ports.map(isPortFree))).toEqual([true, true]);
    expect(harness.leftovers()).toEqual([]);
  });

  test('a command that comes while the service is stopping gets a new one', async () => {
    harness = new ServiceHarness();
    const first = await harness.open();
    const before = harness.processes();

    const closing = first.close();
    await vi.waitUntil(() => !existsSync(harness.paths.socket), { interval: 1 });

    await harness.open();

    await closing;
    expect(harness.processes().supervisor).not.toEqual(before.supervisor);
    await harness.gone(before);
  });

  test('a command that is killed gives its lease back', async () => {
    harness = new ServiceHarness();
    const { child } = await harness.startCommand();
    const processes = harness.processes();

    child.kill('SIGKILL');

    await harness.gone(processes);
    expect(harness.leftovers()).toEqual([]);
  });

  test("Ctrl-C in one command's terminal does not reach the service that another one uses", async () => {
    harness = new ServiceHarness();
    const { child } = await harness.startCommand();
    await harness.open();
    const processes = harness.processes();

    process.kill(-child.pid!, 'SIGINT');
    await once(child, 'exit');

    expect(child.exitCode).toBe(130);
    expect(Object.values(processes).map(isSameProcessAlive)).toEqual([true, true, true]);
  });

  test('a held run keeps the service up after its command, until the run has closed', async () => {
    harness = new ServiceHarness();
    const lease = await harness.open();
    const connection = await Connection.connect({ address: lease.address });
    const client = new Client({ connection });
    const handle = await client.workflow.start('nobody-runs-this', {
      taskQueue: 'nobody',
      workflowId: 'held',
    });
    await lease.hold('held');
    const processes = harness.processes();
    await lease.close();
    expect(Object.values(processes).map(isSameProcessAlive)).toEqual([true, true, true]);

    await handle.terminate();

    await harness.gone(processes);
    await connection.close();
  });

  test('holding a run that does not exist does not keep the service up', async () => {
    harness = new ServiceHarness();
    const lease = await harness.open();
    await lease.hold('no-such-run');
    const processes = harness.processes();

    await lease.close();

    await harness.gone(processes);
  });

  test('the search attributes of runs are registered, and the web UI answers', async () => {
    harness = new ServiceHarness();
    const lease = await harness.open({ needWorkers: false });
    const connection = await Connection.connect({ address: lease.address });

    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: lease.namespace,
    });

    expect(Object.keys(customAttributes)).toEqual(
      expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)),
    );
    expect((await fetch(lease.uiUrl!)).status).toBe(200);
    await connection.close();
  });

  test('only a command that needs workers starts them', async () => {
    harness = new ServiceHarness();
    const reader = await harness.open({ needWorkers: false });
    expect(reader.workersReady).toBe(false);

    await harness.open();

    await vi.waitFor(() => expect(reader.workersReady).toBe(true));
  });

  test('the worker gets these settings, and the embedded server in place of any profile', async () => {
    harness = new ServiceHarness({ ANNEAL_STORE: '/data/store', ANNEAL_HEARTBEAT_SECONDS: '4' });
    const script = path.join(path.dirname(harness.home), 'worker.mjs');
    const names = ['TEMPORAL_ADDRESS', 'ANNEAL_STORE', 'ANNEAL_HEARTBEAT_SECONDS'];
    writeFileSync(
      script,
      `console.log(${JSON.stringify(names)}.map((name) => process.env[name]).join(' '));
       console.log('{"ready":true}');
       process.stdin.on('end', () => process.exit()).resume();`,
    );

    const lease = await harness.open({ workerScript: script });

    const log = readFileSync(harness.paths.logs.workers, 'utf8');
    expect(log).toBe(`${lease.address} /data/store 4\n`);
  });

  test('the socket and its folder are private to the user', async () => {
    harness = new ServiceHarness();

    await harness.open({ needWorkers: false });

    expect(statSync(harness.paths.socket).mode & 0o777).toBe(0o600);
    expect(statSync(harness.paths.folder).mode & 0o777).toBe(0o700);
  });

  test('a home whose path is too long for a socket works as well', async () => {
    harness = new ServiceHarness({}, 'a-folder-with-a-rather-long-name/'.repeat(4));

    const lease = await harness.open({ needWorkers: false });

    expect(harness.paths.socket).not.toContain('rather-long-name');
    await lease.close();
    expect(harness.leftovers()).toEqual([]);
  });
});

describe('a configured cluster', () => {
  test('is used as it is: nothing is started', async () => {
    harness = new ServiceHarness();
    const settings = loadSettings({
      ANNEAL_HOME: harness.home,
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      TEMPORAL_NAMESPACE: 'team',
    });

    const lease = await harness.open({ settings });

    expect(lease.connection).toMatchObject({ address: '127.0.0.1:7233', namespace: 'team' });
    expect(lease.workersReady).toBe(false);
    expect(harness.leftovers()).toEqual([]);
  });
});
