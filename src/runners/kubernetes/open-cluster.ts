// Finds the cluster: a kubeconfig, or the service account of the pod that the worker is.

import { existsSync } from 'node:fs';
import { clusterUnknown } from '../../errors/kubernetes.js';
import { Cluster } from './cluster.js';
import { ClusterConnection } from './cluster-request.js';
import type { KubernetesRunnerOptions } from './kubernetes-options.js';

/** @throws E_RUNNER when nothing says where the cluster is */
export async function openCluster({
  config: file,
  context,
  namespace,
}: Pick<KubernetesRunnerOptions, 'config' | 'context' | 'namespace'>): Promise<Cluster> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (file !== undefined && !existsSync(file)) {
    throw clusterUnknown(`there is no kubeconfig at ${file}`);
  }
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    throw clusterUnknown(`the kubeconfig cannot be read (${(error as Error).message})`);
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null) {
      const known = config.getContexts().map(({ name }) => name);
      throw clusterUnknown(`the kubeconfig has no context "${context}", only ${known.join(', ')}`);
    }
    config.setCurrentContext(context);
  }
  // What the library assumes when it finds nothing at all.
  const isFound = config.getCurrentCluster()?.name !== 'cluster' || file !== undefined;
  if (!isFound || config.getCurrentCluster() === null) {
    throw clusterUnknown('there is no kubeconfig, and the worker is no pod');
  }
  const own = config.getContextObject(config.getCurrentContext())?.namespace;
  return new Cluster(new ClusterConnection(config), namespace ?? own ?? 'default');
}
