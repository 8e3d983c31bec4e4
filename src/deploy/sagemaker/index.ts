export { createS3ArchiveUpload } from './archive-upload.js';
export type { S3ArchiveOptions, UploadModelArchive } from './archive-upload.js';
export { createSageMakerDeployer } from './sagemaker-deployer.js';
export type { SageMakerDeployerOptions } from './sagemaker-deployer.js';
export type { SageMakerSettings } from './sagemaker-settings.js';
