export type { Deployer, DeploymentRequest, EndpointView } from './deployer.js';
export type { AlarmState, RolloutState } from './rollout-state.js';
export { assertEndpointName } from './endpoint-name.js';
export { checkGate } from './gate.js';
export type { GateDecision, GateFacts } from './gate.js';
export { policyOf } from './policy-of.js';
export { createLocalDeployer } from './local/index.js';
export type { LocalDeployer, LocalDeployerOptions } from './local/index.js';
export { createS3ArchiveUpload, createSageMakerDeployer } from './sagemaker/index.js';
export type {
  S3ArchiveOptions,
  SageMakerDeployerOptions,
  SageMakerSettings,
  UploadModelArchive,
} from './sagemaker/index.js';
