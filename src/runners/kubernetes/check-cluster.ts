// What must hold before a run starts: the cluster answers, knows the worker, lets it make Jobs, and pods can reach
// the store.

import type { V1Job } from '@kubernetes/client-node';
import { storeNotShared } from '../../errors/kubernetes.js';
import type { Cluster, ClusterRight } from './cluster.js';
import type { KubernetesRunnerOptions } from './kubernetes-options.js';

/** Every right that the runner uses; workers/kubernetes/base/role.yaml grants these and no others. */
export const CLUSTER_RIGHTS: readonly ClusterRight[] = [
  ...(['create', 'get', 'list', 'watch', 'delete'] as const).map((verb) =>
    right('batch', 'jobs', verb),
  ),
  ...(['list', 'watch'] as const).map((verb) => right('', 'pods', verb)),
  right('', 'pods/log', 'get'),
  right('', 'events', 'list'),
  ...(['create', 'delete'] as const).map((verb) => right('', 'persistentvolumeclaims', verb)),
];

/** @throws E_RUNNER with the remedy */
export async function checkCluster(
  cluster: Cluster,
  { storeAddress, tasksImage }: Pick<KubernetesRunnerOptions, 'storeAddress' | 'tasksImage'>,
): Promise<void> {
  if (!storeAddress.startsWith('s3://')) throw storeNotShared(storeAddress);
  await cluster.tryJob(emptyJob(tasksImage));
}

/** The rights that the worker lacks. @throws E_RUNNER when the cluster does not answer */
export async function missingRights(cluster: Cluster): Promise<ClusterRight[]> {
  const answers = await Promise.all(CLUSTER_RIGHTS.map((each) => cluster.mayI(each)));
  return CLUSTER_RIGHTS.filter((_, index) => !answers[index]);
}

function right(
  group: ClusterRight['group'],
  resource: string,
  verb: ClusterRight['verb'],
): ClusterRight {
  return { group, resource, verb };
}

/** Asked for without being made: the answer tells of address, credentials, rights, namespace and quota at once. */
function emptyJob(image: string): V1Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: 'anneal-check-' },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'check', image, command: ['true'] }],
        },
      },
    },
  };
}
