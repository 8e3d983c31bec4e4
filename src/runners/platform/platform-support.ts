// What becomes of each setting of `platforms.kubernetes` on each runner. docs/runners.md has it as a table.
//
// P1. A setting is ignored only where it changes nothing about a task's result; the run warns of it.
// P2. `honoured` and `refused` say what the runner's own code does; a test holds it to them.

import type { RunnerName } from '../../contract/index.js';
import type { KubernetesExecutorConfigJson } from '../../ir/index.js';

export type PlatformSetting = keyof KubernetesExecutorConfigJson;

/** Ignored settings say why (P1). */
export type PlatformSupport = 'honoured' | 'refused' | { readonly ignored: string };

type OnEachRunner = Readonly<Record<RunnerName, PlatformSupport>>;

/** What a task sees: its variables, its mounts, its facts. A job's description could be read by others. */
const SEEN_BY_TASK: OnEachRunner = {
  process: 'honoured',
  docker: 'honoured',
  kubernetes: 'honoured',
  sagemaker: 'refused',
};

const EVERYWHERE: OnEachRunner = { ...SEEN_BY_TASK, sagemaker: 'honoured' };

/** Where the cluster places a pod. */
const PLACEMENT: OnEachRunner = {
  process: { ignored: 'there is one node, this machine' },
  docker: { ignored: 'there is one node, this machine' },
  kubernetes: 'honoured',
  sagemaker: { ignored: 'each job has an instance of its own' },
};

export const PLATFORM_SUPPORT: Readonly<Record<PlatformSetting, OnEachRunner>> = {
  secretAsEnv: SEEN_BY_TASK,
  secretAsVolume: SEEN_BY_TASK,
  configMapAsEnv: SEEN_BY_TASK,
  configMapAsVolume: SEEN_BY_TASK,
  pvcMount: SEEN_BY_TASK,
  emptyDirMounts: SEEN_BY_TASK,
  genericEphemeralVolume: SEEN_BY_TASK,
  fieldPathAsEnv: SEEN_BY_TASK,
  podMetadata: EVERYWHERE,
  activeDeadlineSeconds: EVERYWHERE,
  imagePullPolicy: {
    process: { ignored: 'no image is pulled' },
    docker: { ignored: 'ANNEAL_DOCKER_PULL says when an image is pulled' },
    kubernetes: 'honoured',
    sagemaker: { ignored: 'SageMaker pulls the image of every job' },
  },
  imagePullSecret: {
    process: { ignored: 'no image is pulled' },
    docker: { ignored: 'images are pulled with the credentials of docker login' },
    kubernetes: 'honoured',
    sagemaker: { ignored: "images are pulled from ECR with the job's role" },
  },
  nodeSelector: PLACEMENT,
  nodeAffinity: PLACEMENT,
  podAffinity: PLACEMENT,
  tolerations: PLACEMENT,
  securityContext: {
    process: { ignored: 'tasks run as the user who runs the worker' },
    docker: { ignored: 'containers run as the user who runs the worker, or as nobody' },
    kubernetes: 'honoured',
    sagemaker: { ignored: "jobs run as the image's user" },
  },
  enabledSharedMemory: {
    process: { ignored: "tasks use this machine's shared memory" },
    docker: { ignored: 'containers have the shared memory that the daemon gives them' },
    kubernetes: 'honoured',
    sagemaker: { ignored: "jobs use their instance's shared memory" },
  },
};
