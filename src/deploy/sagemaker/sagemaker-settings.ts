// What the SageMaker target needs to know, checked before any training starts.

import { deployErrors } from '../../errors/index.js';
import { assertInstanceType } from './instance-type.js';

export interface SageMakerSettings {
  readonly region: string;
  /** Execution role that SageMaker takes on to read the archive and the image. */
  readonly roleArn: string;
  /** Image with the serving program, by digest where possible. */
  readonly image: string;
  /** Used when a request names none; default ml.m5.large. */
  readonly instanceType?: string;
  /** Default 1. */
  readonly instanceCount?: number;
  /** Serverless hosting instead of instances; the requests' instance types then count for nothing. */
  readonly serverless?: {
    /** 1024 to 6144, a multiple of 1024. */
    readonly memorySizeMb: number;
    /** 1 to 200. */
    readonly maxConcurrency: number;
  };
  /** Variables of the serving container, beside Anneal's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Take over an endpoint that carries no tag of ours; default false. */
  readonly adopt?: boolean;
  /** Delete and create anew an endpoint of ours whose creation failed; default true. */
  readonly replaceFailed?: boolean;
}

// Patterns and lengths of botocore's sagemaker/2017-07-24/service-2.json: RoleArn, ContainerImage.
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const ROLE_ARN_LENGTH = { least: 20, most: 2048 };
const IMAGE = /^\S{1,255}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

/**
 * Checks what can be checked without calling AWS.
 *
 * @throws E_AWS_CONFIG, E_INSTANCE_TYPE
 */
export function assertSageMakerSettings(settings: SageMakerSettings): void {
  const { region, roleArn, image } = settings;
  const isRole =
    ROLE_ARN.test(roleArn) &&
    roleArn.length >= ROLE_ARN_LENGTH.least &&
    roleArn.length <= ROLE_ARN_LENGTH.most;
  if (!REGION.test(region)) {
    throw deployErrors.awsConfigWrong(
      region === '' ? 'No AWS region is set.' : `"${region}" is not an AWS region.`,
      'Set AWS_REGION, for example to eu-central-1.',
    );
  }
  if (!isRole) {
    throw deployErrors.awsConfigWrong(
      roleArn === ''
        ? 'No execution role for SageMaker is set.'
        : `"${roleArn}" is not the ARN of an IAM role.`,
      'Use the form arn:aws:iam::123456789012:role/name.',
    );
  }
  if (!IMAGE.test(image)) {
    throw deployErrors.awsConfigWrong(
      image === '' ? 'No serving image is set.' : `"${image}" is not the name of an image.`,
      'Push the serving image of python-tasks to ECR and set its full name.',
    );
  }
  if (settings.instanceType !== undefined) assertInstanceType(settings.instanceType);
  assertServerless(settings.serverless);
}

function assertServerless(serverless: SageMakerSettings['serverless']): void {
  if (serverless === undefined) return;
  const { memorySizeMb, maxConcurrency } = serverless;
  const isMemory = memorySizeMb % 1024 === 0 && memorySizeMb >= 1024 && memorySizeMb <= 6144;
  const isConcurrency =
    Number.isInteger(maxConcurrency) && maxConcurrency >= 1 && maxConcurrency <= 200;
  if (isMemory && isConcurrency) return;
  throw deployErrors.awsConfigWrong(
    `Serverless hosting with ${memorySizeMb} MB and concurrency ${maxConcurrency} is not possible.`,
    'Use 1024 to 6144 MB in steps of 1024, and a concurrency from 1 to 200.',
  );
}
