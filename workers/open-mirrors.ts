import type { Settings } from '../src/config/index.js';
import { createModelArchive } from '../src/deploy/index.js';
import { mlflowMirror, sageMakerMirror, type ModelMirror } from '../src/models/index.js';
import type { ArtifactStore } from '../src/storage/index.js';

/** Opens the registries elsewhere that show our models: SageMaker's where it is the target, MLflow's where it tracks. */
export function openMirrors(settings: Settings, store: ArtifactStore): ModelMirror[] {
  const { deploy, mlflow, s3 } = settings;
  const { region = '', image = '', bucket = '' } = deploy.sagemaker;
  return [
    ...(deploy.target === 'sagemaker'
      ? [
          sageMakerMirror({
            ...{ region, image, store },
            archive: createModelArchive({ bucket, s3: { ...s3, region } }),
          }),
        ]
      : []),
    ...(mlflow === undefined ? [] : [mlflowMirror(mlflow, store)]),
  ];
}
