export { createDockerRunner, ownerOf, type DockerRunnerOptions } from './docker/index.js';
export { atOnce, type Admission, type AdmissionContext, type AdmissionWish } from './admission.js';
export {
  fits,
  followedNeed,
  MachineCapacity,
  minus,
  times,
  unaskedNeed,
  type Amount,
} from './capacity/index.js';
export { executeTask } from './execute-task.js';
export type { ExecutedTask, ExecuteTaskRequest, ExecuteTaskTools } from './execute-task.js';
export { createProcessRunner, readImageRules, type ProcessRunnerOptions } from './process/index.js';
export {
  createSageMakerRunner,
  type SageMakerJobSettings,
  type SageMakerRunnerOptions,
} from './sagemaker/index.js';
export {
  checkCluster,
  CLUSTER_RIGHTS,
  missingRights,
  openCluster,
  openKubernetesRunner,
  type Cluster,
  type ClusterRight,
  type KubernetesRunnerOptions,
} from './kubernetes/index.js';
export { PLATFORM_SUPPORT } from './platform/platform-support.js';
export { LET_GO } from './runner.js';
export type {
  ContainerChoice,
  ExecutionId,
  LaunchOutcome,
  LaunchSpec,
  RunnableSpec,
  Runner,
  VolumeStore,
  WantedVolume,
} from './runner.js';
export { offerRunners, type OpenRunner, type Runners } from './runners.js';
export { CONTAINER_TASK_FOLDER } from './task-files.js';
export type { FileAccess, SeenPlaces, TaskFile, TaskFiles } from './task-files.js';
export { isVolumeImage } from './volume-task.js';
export type { PlaceholderNames, TaskResources } from './task-contract/index.js';
