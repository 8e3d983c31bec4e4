export { appendEvent, type NewModelEvent } from './append-event.js';
export { assertDeployable } from './assert-deployable.js';
export {
  archiveVersion,
  markChampion,
  markRolledBack,
  recordApproval,
  versionOfDigest,
  type StageChange,
} from './change-stage.js';
export { compareVersions, type VersionComparison } from './compare-versions.js';
export { foldModel, type ModelStage, type ModelVersionView, type ModelView } from './fold-model.js';
export type { MirroredVersion, ModelMirror } from './mirror.js';
export { mlflowMirror, pushRunModel } from './mlflow/index.js';
export type { ModelEvent, ModelEventKind, ModelVerdict } from './model-event.js';
export {
  chooseVersion,
  formerChampionOf,
  parseModelReference,
  type ModelReference,
} from './model-reference.js';
export type { ModelData, ModelRun, ModelVersion } from './model-version.js';
export { listModels, readModel, showModel } from './read-model.js';
export { sageMakerMirror, type PackageRegistryOptions } from './sagemaker/index.js';
export { registerCandidate, type Candidate } from './register-candidate.js';
