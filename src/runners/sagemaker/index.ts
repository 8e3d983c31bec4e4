export { createSageMakerRunner } from './create-sagemaker-runner.js';
export type { SageMakerJobSettings } from './job-settings.js';
export type { SageMakerRunnerOptions } from './sagemaker-runner.js';
