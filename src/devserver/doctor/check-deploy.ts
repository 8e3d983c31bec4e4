import type { Settings } from '../../config/index.js';
import { finding, type DoctorFinding } from './finding.js';

/** What only some settings need: AWS for the deployment target sagemaker. */
export function checkDeploy(settings: Settings): Promise<DoctorFinding[]> {
  if (settings.deploy.target === 'local') return Promise.resolve([]);
  const fix = 'Set the variables named; docs/settings.md explains them.';
  return Promise.all([finding('SageMaker settings', fix, () => describeAws(settings))]);
}

function describeAws({ deploy: { sagemaker } }: Settings): string {
  const variables = {
    ANNEAL_SAGEMAKER_ROLE: sagemaker.role,
    ANNEAL_SAGEMAKER_IMAGE: sagemaker.image,
    ANNEAL_SAGEMAKER_BUCKET: sagemaker.bucket,
    ANNEAL_SAGEMAKER_REGION: sagemaker.region,
  };
  const missing = Object.entries(variables).filter(([, value]) => value === undefined);
  if (missing.length > 0) throw new Error(`not set: ${missing.map(([name]) => name).join(', ')}`);
  return `${sagemaker.region}, ${sagemaker.role} (not contacted)`;
}
