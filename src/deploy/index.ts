export type {
  Deployer,
  DeploymentCheck,
  DeploymentRequest,
  EndpointView,
  SplittingDeployer,
  SplitView,
} from './deployer.js';
export type { AlarmState, RolloutState } from './rollout-state.js';
export { assertEndpointName } from './endpoint-name.js';
export * from './gate/index.js';
export { policyOf } from './policy-of.js';
export { createLocalDeployer } from './local/index.js';
export type { LocalDeployer, LocalDeployerOptions } from './local/index.js';
export {
  createModelArchive,
  createS3ArchiveUpload,
  createSageMakerDeployer,
  SHADOW_VARIANT,
} from './sagemaker/index.js';
export type {
  S3ArchiveOptions,
  SageMakerDeployerOptions,
  SageMakerSettings,
  UploadModelArchive,
} from './sagemaker/index.js';
