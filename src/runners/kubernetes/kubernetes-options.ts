import type { ArtifactStore } from '../../storage/index.js';

/** How a store is reached from within the cluster. */
export interface PodS3Options {
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
  readonly encryption?: string;
  readonly kmsKeyId?: string;
}

export interface KubernetesRunnerOptions {
  readonly store: ArtifactStore;
  /** Address of the store, for messages. */
  readonly storeAddress: string;
  readonly s3: PodS3Options;
  /** Kubeconfig file; absent: KUBECONFIG, then the user's own, then the pod's service account. */
  readonly config?: string;
  /** Context of the kubeconfig; absent: its current one. */
  readonly context?: string;
  /** Namespace of the tasks; absent: the context's or the worker pod's own, else `default`. */
  readonly namespace?: string;
  /** The image with anneal_launcher, which moves artifacts; also stands for the pipelines' `anneal-tasks` image. */
  readonly tasksImage: string;
  /** Service account of the task pods; absent: the namespace's default. */
  readonly serviceAccount?: string;
  readonly pullSecrets: readonly string[];
  /** Secret whose keys become the environment of the containers that move artifacts (AWS_ACCESS_KEY_ID, …). */
  readonly storeSecret?: string;
  /** User id of the containers, or `image`: whom each image names. */
  readonly runAs: number | 'image';
  /** What tasks without a request of their own are given: Kubernetes quantities. */
  readonly defaultCpu?: string;
  readonly defaultMemory?: string;
  /** Seconds that finished Jobs are kept. */
  readonly keepSeconds: number;
  /** Seconds that a pod may wait for a node, its image or a volume. */
  readonly pendingSeconds: number;
  /** Size of a run's workspace that names none, and of volumes without a size: a Kubernetes quantity. */
  readonly volumeSize?: string;
  readonly onProgress?: (message: string) => void;
}
