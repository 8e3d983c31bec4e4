// Field rules of SageMaker's API model (botocore sagemaker/2017-07-24/service-2.json).

import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { constraintError, validationError } from './api-error.js';

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const TAG_TEXT = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u;
const INSTANCE_TYPES = new Set<string>(Object.values(ProductionVariantInstanceType));

export interface TagInput {
  readonly Key: string;
  readonly Value: string;
}

export function assertName(value: unknown, field: string): string {
  const name = assertText(value, field, 63);
  if (!NAME.test(name)) {
    throw constraintError(name, field, `satisfy regular expression pattern: ${NAME.source}`);
  }
  return name;
}

export function assertText(value: unknown, field: string, maxLength: number): string {
  if (typeof value !== 'string') throw constraintError(undefined, field, 'not be null');
  if (value.length > maxLength) {
    throw constraintError(value, field, `have length less than or equal to ${maxLength}`);
  }
  return value;
}

export function assertRoleArn(value: unknown): string {
  const arn = assertText(value, 'executionRoleArn', 2048);
  if (arn.length < 20 || !ROLE_ARN.test(arn)) {
    throw constraintError(arn, 'executionRoleArn', 'satisfy regular expression pattern: arn:aws…');
  }
  return arn;
}

export function assertContainer(value: unknown): void {
  const container = value as Record<string, unknown> | undefined;
  if (container === undefined)
    throw validationError('Either PrimaryContainer or Containers is required.');
  const image = assertText(container['Image'], 'primaryContainer.image', 255);
  if (!/^\S+$/.test(image))
    throw constraintError(image, 'primaryContainer.image', 'have no spaces');
  const url = assertText(container['ModelDataUrl'], 'primaryContainer.modelDataUrl', 1024);
  if (!/^(https|s3):\/\/[^/]+\/.+\.tar\.gz$/.test(url)) {
    throw validationError(`Could not find model data at ${url}.`);
  }
  for (const [name, text] of Object.entries((container['Environment'] as object) ?? {})) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || typeof text !== 'string') {
      throw constraintError(name, 'primaryContainer.environment', 'be a variable name');
    }
  }
}

export function assertVariant(value: Record<string, unknown>): void {
  assertText(value['VariantName'], 'productionVariants.1.member.variantName', 63);
  const serverless = value['ServerlessConfig'] as Record<string, number> | undefined;
  const instanceType = value['InstanceType'] as string | undefined;
  if ((serverless === undefined) === (instanceType === undefined)) {
    throw validationError('Exactly one of InstanceType and ServerlessConfig must be given.');
  }
  if (instanceType !== undefined && !INSTANCE_TYPES.has(instanceType)) {
    throw constraintError(
      instanceType,
      'productionVariants.1.member.instanceType',
      'satisfy enum value set',
    );
  }
  if (serverless !== undefined && (serverless['MemorySizeInMB'] ?? 0) % 1024 !== 0) {
    throw constraintError(serverless['MemorySizeInMB'], 'memorySizeInMB', 'be a multiple of 1024');
  }
}

export function assertTags(value: unknown): TagInput[] {
  const tags = (value ?? []) as TagInput[];
  if (tags.length > 50) throw constraintError(tags.length, 'tags', 'have length <= 50');
  for (const { Key, Value } of tags) {
    if (!TAG_TEXT.test(Key) || Key.length < 1 || Key.length > 128 || Key.startsWith('aws:')) {
      throw constraintError(Key, 'tags.1.member.key', 'satisfy the pattern');
    }
    if (!TAG_TEXT.test(Value) || Value.length > 256) {
      throw constraintError(Value, 'tags.1.member.value', 'satisfy the pattern');
    }
  }
  return [...tags];
}
