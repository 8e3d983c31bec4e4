export type { S3ArchiveOptions, UploadModelArchive } from './archive-upload.js';
export {
  createModelArchive,
  createS3ArchiveUpload,
  createSageMakerDeployer,
} from './create-sagemaker-deployer.js';
export type { SageMakerDeployerOptions } from './sagemaker-deployer.js';
export type { SageMakerSettings } from './sagemaker-settings.js';
export { SHADOW_VARIANT } from './variant-name.js';
