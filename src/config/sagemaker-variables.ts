// The settings of deployments to SageMaker and of tasks as its jobs.

import { flag, numberBetween, text } from './setting-schemas.js';
import type { SettingVariable } from './setting-variable.js';

export const SAGEMAKER_VARIABLES = {
  ANNEAL_SAGEMAKER_ROLE: {
    schema: text.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/),
    expected: 'a role ARN, arn:aws:iam::123456789012:role/name',
    default: 'none; needed by target sagemaker',
    meaning: 'Role that the served model runs as.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_IMAGE: {
    schema: text,
    expected: 'an image reference',
    default: 'none; needed by target sagemaker',
    meaning: 'Serving image.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_BUCKET: {
    schema: text.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    expected: 'a bucket name',
    default: 'none; needed by target sagemaker',
    meaning: 'Bucket that model archives are uploaded to.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_REGION: {
    schema: text.regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    expected: 'an AWS region, such as eu-west-1',
    default: '`AWS_REGION`, then `AWS_DEFAULT_REGION`',
    meaning: 'Region of the endpoints.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_ROLE: {
    schema: text.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/),
    expected: 'a role ARN, arn:aws:iam::123456789012:role/name',
    default: '`ANNEAL_SAGEMAKER_ROLE`',
    meaning: 'Role that tasks on SageMaker run as: it reads and writes the store and pulls images.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_IMAGE: {
    schema: text,
    expected: 'an image reference in ECR',
    default: 'none; needed for components of `anneal-tasks` on SageMaker',
    meaning: "Image of Anneal's own components for SageMaker jobs.",
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_INSTANCE: {
    schema: text.regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/),
    expected: 'an instance type, such as ml.m5.xlarge',
    default: 'the smallest that has what a task asks for',
    meaning: 'Instance type of SageMaker jobs whose task names none.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_VOLUME_GB: {
    schema: numberBetween(1, 16_384),
    expected: 'gigabytes, 1 to 16384',
    default: '30',
    meaning: 'Disk of a SageMaker job.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_KMS_KEY: {
    schema: text.regex(/^[a-zA-Z0-9:/_-]{1,2048}$/),
    expected: 'the id, ARN or alias of a KMS key',
    default: 'none',
    meaning: 'Encrypts disks and outputs of SageMaker jobs.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_SUBNETS: {
    schema: text.regex(/^[-0-9a-zA-Z]{1,32}(,[-0-9a-zA-Z]{1,32}){0,15}$/),
    expected: 'up to 16 subnets, separated by commas',
    default: 'none',
    meaning: 'Subnets of the VPC that SageMaker jobs run in.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_SECURITY_GROUPS: {
    schema: text.regex(/^[-0-9a-zA-Z]{1,32}(,[-0-9a-zA-Z]{1,32}){0,4}$/),
    expected: 'up to 5 security groups, separated by commas',
    default: 'none',
    meaning: 'Security groups of SageMaker jobs in a VPC.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_JOB_ISOLATED: {
    schema: flag,
    expected: '1 or 0',
    default: '0',
    meaning: 'SageMaker jobs without any network; components cannot install packages then.',
    audience: 'everyone',
  },
  ANNEAL_SAGEMAKER_POLL_SECONDS: {
    schema: numberBetween(0.05, 600),
    expected: 'seconds, 0.05 to 600',
    default: '15',
    meaning:
      'Time between two looks at a SageMaker job or endpoint; below 10 AWS throttles busy accounts.',
    audience: 'everyone',
  },
} as const satisfies Record<string, SettingVariable>;
