export { ensureExperiment } from './ensure-experiment.js';
export {
  findTrackedRuns,
  RUN_TAG,
  runTag,
  trackedRun,
  type TrackedRun,
} from './find-tracked-run.js';
export {
  artifactAddress,
  takesArtifacts,
  uploadArtifact,
  whyNotUploaded,
  type MadeArtifact,
  type UploadTools,
} from './upload-artifact.js';
export { scalarText } from './scalar-text.js';
export { isMlflowAnswer, openMlflow, type MlflowClient } from './mlflow-client.js';
