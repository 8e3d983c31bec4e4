import type { Runner } from '../runner.js';
import { KubernetesRunner } from './kubernetes-runner.js';
import type { KubernetesRunnerOptions } from './kubernetes-options.js';
import { openCluster } from './open-cluster.js';

/** Makes the runner of a cluster's Jobs; contacts nobody yet. @throws E_RUNNER without a cluster's address */
export async function openKubernetesRunner(options: KubernetesRunnerOptions): Promise<Runner> {
  return new KubernetesRunner(await openCluster(options), options);
}
