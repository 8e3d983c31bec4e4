import type { Settings } from '../../config/index.js';
import { findProgram } from '../find-program.js';
import { runProgram } from '../run-program.js';
import { finding, type DoctorFinding } from './finding.js';

/** What only some settings need: Docker, and AWS for the deployment target sagemaker. */
export function checkDeploy(settings: Settings): Promise<DoctorFinding[]> {
  const docker = finding('Docker (optional)', '', describeDocker);
  if (settings.deploy.target === 'local') return Promise.all([docker]);
  const fix = 'Set the variables named; docs/settings.md explains them.';
  return Promise.all([docker, finding('SageMaker settings', fix, () => describeAws(settings))]);
}

async function describeDocker(): Promise<string> {
  const program = findProgram('docker');
  if (program === undefined) return 'not installed';
  const args = ['version', '--format', '{{.Server.Version}}'];
  const result = await runProgram(program, args, { timeoutMs: 5_000 });
  return result.ok
    ? `${result.stdout.trim()} (${program})`
    : 'installed, but its daemon does not answer';
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
