import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { V1Job } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { FakeApiServer, type Right } from '../../fakes/kubernetes/index.js';
import {
  imageEnv,
  SECRETS,
  WORKING_FOLDER,
  writeKubeConfig,
  type TestCluster,
} from './test-cluster.js';
import { TestNode } from './test-node.js';

interface RoleFile {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** The rights that the shipped Role grants to the worker. */
export function rightsOfRole(): Right[] {
  const file = new URL('../../../workers/kubernetes/base/role.yaml', import.meta.url);
  const { rules } = parse(readFileSync(file, 'utf8')) as RoleFile;
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb }))),
    ),
  );
}

/** A cluster of the fake API server and a test node. */
export async function openFakeCluster(): Promise<TestCluster & { readonly server: FakeApiServer }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-fake-cluster-'));
  const server = await FakeApiServer.start({ rights: rightsOfRole() });
  const node = await TestNode.start({
    server: server.url,
    token: 'node',
    imageEnv,
    workingFolder: WORKING_FOLDER,
    secrets: SECRETS,
    schedules: true,
  });
  server.nodeAddress = `http://127.0.0.1:${node.port}`;
  return {
    server,
    node,
    config: writeKubeConfig(path.join(folder, 'config'), { server: server.url, token: 'worker' }),
    jobs: () => Promise.resolve(server.objects.list('jobs') as V1Job[]),
    podNames: () =>
      Promise.resolve(server.objects.list('pods').map(({ metadata }) => metadata!.name!)),
    deletePod: async (name) => {
      const place = `${server.url}/api/v1/namespaces/tasks/pods/${name}`;
      await fetch(place, { method: 'DELETE', headers: { Authorization: 'Bearer node' } });
    },
    disturb: () => server.cutStreams(),
    close: async () => {
      await node.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
