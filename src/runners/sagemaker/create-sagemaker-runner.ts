// The sagemaker runner without its weight: the AWS SDK is loaded when a run first asks for it.

import type { Runner } from '../runner.js';
import type { SageMakerRunnerOptions } from './sagemaker-runner.js';

/** Makes the runner of SageMaker jobs. */
export async function createSageMakerRunner(options: SageMakerRunnerOptions): Promise<Runner> {
  const { openSageMakerRunner } = await import('./sagemaker-runner.js');
  return openSageMakerRunner(options);
}
