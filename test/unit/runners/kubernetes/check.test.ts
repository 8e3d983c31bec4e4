// What is refused before a run starts, and the rights of the worker (A1 to A3 of the fake API server).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CLUSTER_RIGHTS,
  missingRights,
  openCluster,
  openKubernetesRunner,
} from '../../../../src/runners/index.js';
import { FakeApiServer } from '../../../fakes/kubernetes/index.js';
import { rightsOfRole } from '../../../support/kubernetes/fake-cluster.js';
import { writeKubeConfig } from '../../../support/kubernetes/test-cluster.js';
import { options } from './launch-spec.js';

const COMPONENT = { component: 'train', image: 'python:3.11', command: [], args: [] };

let folder: string;
let server: FakeApiServer;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-check-'));
  server = await FakeApiServer.start({ rights: rightsOfRole() });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function configOf(changes: { readonly server?: string; readonly token?: string } = {}): string {
  const file = path.join(folder, 'config');
  return writeKubeConfig(file, { server: server.url, token: 'worker', ...changes });
}

async function check(changes: Parameters<typeof options>[0] = {}): Promise<void> {
  const runner = await openKubernetesRunner(
    options({ ...changes, config: changes.config ?? configOf() }),
  );
  await runner.check(COMPONENT).finally(() => runner.close());
}

describe('before a run starts', () => {
  test('a cluster that answers and lets the worker make Jobs is fine, and nothing is made', async () => {
    await check();

    expect(server.objects.list('jobs')).toEqual([]);
  });

  test('an API server that does not answer is named with its address', async () => {
    const config = configOf({ server: 'http://127.0.0.1:9' });

    await expect(check({ config })).rejects.toMatchObject({
      code: 'E_RUNNER',
      retryable: false,
      message: expect.stringContaining(
        'http://127.0.0.1:9 cannot be reached: nothing listens there',
      ) as string,
    });
  });

  test('credentials that it does not know are refused', async () => {
    const config = configOf({ token: 'expired' });

    await expect(check({ config })).rejects.toMatchObject({
      code: 'E_RUNNER',
      message: expect.stringContaining('refused the worker') as string,
    });
  });

  test('a missing right is named', async () => {
    await server.close();
    server = await FakeApiServer.start({ rights: [] });

    await expect(check({ config: configOf() })).rejects.toMatchObject({
      code: 'E_RUNNER',
      message: expect.stringContaining('may not create jobs in namespace "tasks"') as string,
      hint: expect.stringContaining('workers/kubernetes/base') as string,
    });
  });

  test('a missing namespace is named with the command that makes it', async () => {
    await expect(check({ namespace: 'elsewhere' })).rejects.toMatchObject({
      code: 'E_RUNNER',
      message: expect.stringContaining('no namespace "elsewhere"') as string,
      hint: expect.stringContaining('kubectl create namespace elsewhere') as string,
    });
  });

  test('a store that is a folder is refused', async () => {
    await expect(check({ storeAddress: '/home/me/.anneal/store' })).rejects.toMatchObject({
      code: 'E_RUNNER',
      hint: expect.stringContaining('ANNEAL_STORE=s3://') as string,
    });
  });

  test('a context that the kubeconfig does not have is named with those it has', async () => {
    await expect(check({ context: 'prod' })).rejects.toMatchObject({
      code: 'E_RUNNER',
      message: expect.stringContaining('no context "prod", only test') as string,
    });
  });

  test('a busy API server is asked again in a run, not before it', async () => {
    server.failNext(503);

    await expect(check()).rejects.toMatchObject({ code: 'E_RUNNER' });
    await expect(check()).resolves.toBeUndefined();
  });
});

describe('the rights of the worker', () => {
  const inOrder = (rights: readonly object[]): string[] =>
    rights.map((each) => JSON.stringify(each, ['group', 'resource', 'verb'])).sort();

  test('are exactly those that the shipped Role grants', () => {
    expect(inOrder(rightsOfRole())).toEqual(inOrder(CLUSTER_RIGHTS));
  });

  test('that are missing are found by asking', async () => {
    const rights = rightsOfRole().filter(({ resource }) => resource !== 'pods/log');
    await server.close();
    server = await FakeApiServer.start({ rights });
    const cluster = await openCluster({ config: configOf() });

    const missing = await missingRights(cluster);

    cluster.close();
    expect(missing).toEqual([{ group: '', resource: 'pods/log', verb: 'get' }]);
  });
});
