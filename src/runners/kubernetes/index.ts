export { checkCluster, CLUSTER_RIGHTS, missingRights } from './check-cluster.js';
export type { Cluster, ClusterRight } from './cluster.js';
export { openCluster } from './open-cluster.js';
export { openKubernetesRunner } from './open-kubernetes-runner.js';
export type { KubernetesRunnerOptions, PodS3Options } from './kubernetes-options.js';
