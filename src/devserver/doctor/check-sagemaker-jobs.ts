import type { Settings } from '../../config/index.js';
import { finding, type DoctorFinding } from './finding.js';

/** What runs on SageMaker need, when it is the runner of runs that name none. Contacts nobody. */
export async function checkSageMakerJobs(settings: Settings): Promise<DoctorFinding[]> {
  if (settings.runner !== 'sagemaker') return [];
  const fix = 'Set the variables named; docs/runners.md explains them.';
  return [await finding('SageMaker jobs', fix, () => describeJobs(settings))];
}

function describeJobs({ store, sagemakerJobs: { region, roleArn } }: Settings): string {
  const wanted = {
    'AWS_REGION or ANNEAL_SAGEMAKER_REGION': region !== undefined,
    ANNEAL_SAGEMAKER_JOB_ROLE: roleArn !== undefined,
    'ANNEAL_STORE=s3://bucket/prefix': store.startsWith('s3://'),
  };
  const missing = Object.entries(wanted).flatMap(([name, isSet]) => (isSet ? [] : [name]));
  if (missing.length > 0) throw new Error(`not set: ${missing.join(', ')}`);
  return `${region}, ${roleArn} (not contacted)`;
}
