// The SageMaker target without its weight: the AWS SDK, 0.2 s of loading, comes with the first use.

import type { SplittingDeployer } from '../deployer.js';
import type { ModelArchive } from './archive-model.js';
import type { S3ArchiveOptions, UploadModelArchive } from './archive-upload.js';
import type { SageMakerDeployerOptions } from './sagemaker-deployer.js';

/** Makes the deployer of the `sagemaker` target. */
export function createSageMakerDeployer(options: SageMakerDeployerOptions): SplittingDeployer {
  let opened: Promise<SplittingDeployer> | undefined;
  const open = (): Promise<SplittingDeployer> => {
    opened ??= import('./sagemaker-deployer.js').then((target) =>
      target.openSageMakerDeployer(options),
    );
    return opened;
  };
  return {
    target: 'sagemaker',
    check: async (request) => (await open()).check(request),
    deploy: async (request, context) => (await open()).deploy(request, context),
    list: async () => (await open()).list(),
    split: async (endpointName, percent) => (await open()).split(endpointName, percent),
    stop: async (endpointName) => (await open()).stop(endpointName),
  };
}

/** Makes the uploader of model archives into one bucket. */
export function createS3ArchiveUpload(options: S3ArchiveOptions): UploadModelArchive {
  let opened: Promise<UploadModelArchive> | undefined;
  return async (archive) => {
    opened ??= import('./archive-upload.js').then((target) => target.openS3ArchiveUpload(options));
    return (await opened)(archive);
  };
}

/** Makes what packs and uploads a model, as a deployment does. */
export function createModelArchive(options: S3ArchiveOptions) {
  const upload = createS3ArchiveUpload(options);
  return async (
    model: { readonly path: string; readonly digest: string },
    signal: AbortSignal,
  ): Promise<ModelArchive> => {
    const { archiveModel } = await import('./archive-model.js');
    return archiveModel(model, upload, { signal });
  };
}
