import { readFileSync } from 'node:fs';
import type { KubernetesObject, V1Job, V1Pod } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { waitUntil } from '../wait-until.js';
import { ControlPlane } from './control-plane.js';
import { imageEnv, SECRETS, WORKING_FOLDER, type TestCluster } from './test-cluster.js';
import { NODE_NAME, TestNode } from './test-node.js';

/** The built control plane; absent: the suites on a real API server are skipped. */
export const controlPlane = process.env['ANNEAL_TEST_CONTROL_PLANE'];

interface Listing<Item> {
  readonly items: readonly Item[];
}

/** A cluster of the real API server, controllers and scheduler, and a test node; the worker has the shipped Role. */
export async function openRealCluster(): Promise<TestCluster & { readonly plane: ControlPlane }> {
  const plane = await ControlPlane.start(controlPlane ?? '');
  await makeNamespace(plane);
  const { cert, key } = plane.certificate;
  const node = await TestNode.start({
    server: plane.url,
    token: 'node',
    ca: cert,
    tls: { key, cert },
    imageEnv,
    workingFolder: WORKING_FOLDER,
    secrets: SECRETS,
    schedules: false,
  });
  await makeNode(plane, node.port);
  const list = <Item>(place: string): Promise<readonly Item[]> =>
    plane.call<Listing<Item>>('GET', place).then(({ items }) => items);
  return {
    plane,
    node,
    config: plane.configOf('worker'),
    jobs: () => list<V1Job>('/apis/batch/v1/namespaces/tasks/jobs'),
    podNames: async () => {
      const pods = await list<V1Pod>('/api/v1/namespaces/tasks/pods');
      return pods.map(({ metadata }) => metadata!.name!);
    },
    deletePod: async (name) => {
      await plane.call('DELETE', `/api/v1/namespaces/tasks/pods/${name}`);
    },
    disturb: () => plane.restartApiServer(),
    close: async () => {
      await node.close();
      await plane.close();
    },
  };
}

/** Where only pods of the strictest standard are let in. */
async function makeNamespace(plane: ControlPlane): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await plane.call('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'tasks', labels },
  });
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/tasks';
  await plane.call('POST', `${rbac}/roles`, shippedRole());
  await plane.call('POST', `${rbac}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'anneal-worker' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'anneal-worker' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'anneal-worker' }],
  });
  const account = '/api/v1/namespaces/tasks/serviceaccounts/default';
  await waitUntil('the namespace has its service account', () =>
    plane.call('GET', account).then(
      () => true,
      () => false,
    ),
  );
}

async function makeNode(plane: ControlPlane, port: number): Promise<void> {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE_NAME } };
  const made = await plane.call<KubernetesObject>('POST', '/api/v1/nodes', node);
  await plane.call('PUT', `/api/v1/nodes/${NODE_NAME}/status`, {
    ...made,
    status: {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
      capacity: { cpu: '64', memory: '256Gi', pods: '110' },
      allocatable: { cpu: '64', memory: '256Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'TestNode', message: 'it is a test' }],
    },
  });
}

function shippedRole(): object {
  const file = new URL('../../../workers/kubernetes/base/role.yaml', import.meta.url);
  return parse(readFileSync(file, 'utf8')) as object;
}
