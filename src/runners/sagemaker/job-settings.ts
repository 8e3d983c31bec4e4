// What the sagemaker runner needs to know, checked before any run starts.

import { configErrors, deployErrors } from '../../errors/index.js';

export interface SageMakerJobSettings {
  readonly region?: string;
  /** Role that the jobs take on: they read and write the store, and pull the image, as it. */
  readonly roleArn?: string;
  /** Image in ECR that stands for `anneal-tasks`. */
  readonly tasksImage?: string;
  /** Instance type of every task that names none itself; absent: the smallest that fits. */
  readonly instanceType?: string;
  /** Disk of a job, GB. */
  readonly volumeGb: number;
  /** Encrypts the jobs' disks and outputs. */
  readonly kmsKeyId?: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Containers without any network: components cannot install packages then. */
  readonly isIsolated: boolean;
}

/** Settings with everything that a job cannot do without. */
export type CompleteJobSettings = SageMakerJobSettings & {
  readonly region: string;
  readonly roleArn: string;
};

/**
 * Checks what can be checked without calling AWS.
 * @throws E_AWS_CONFIG, E_CONFIG
 */
export function completeSettings(settings: SageMakerJobSettings): CompleteJobSettings {
  const { region, roleArn, subnets, securityGroups } = settings;
  if (region === undefined) {
    throw deployErrors.awsConfigWrong(
      'No AWS region is set for SageMaker jobs.',
      'Set AWS_REGION or ANNEAL_SAGEMAKER_REGION, for example to eu-central-1.',
    );
  }
  if (roleArn === undefined) {
    throw deployErrors.awsConfigWrong(
      'No execution role for SageMaker jobs is set.',
      'Set ANNEAL_SAGEMAKER_JOB_ROLE to arn:aws:iam::123456789012:role/name (docs/aws/README.md).',
    );
  }
  // API model: VpcConfig has 1 to 16 subnets and 1 to 5 security groups, or is absent.
  const isVpc = subnets.length > 0 || securityGroups.length > 0;
  if (isVpc && (subnets.length === 0 || securityGroups.length === 0)) {
    throw configErrors.settingInvalid(
      subnets.length === 0
        ? 'ANNEAL_SAGEMAKER_JOB_SUBNETS'
        : 'ANNEAL_SAGEMAKER_JOB_SECURITY_GROUPS',
      '',
      'a value, since a VPC needs both subnets and security groups',
    );
  }
  return { ...settings, region, roleArn };
}
