// Endpoint configurations, and what AWS's documentation asks of them beyond the API model.

import { validationError } from './api-error.js';
import type { Resource } from './resources.js';

export interface Variant {
  readonly VariantName: string;
  readonly ModelName: string;
  readonly InitialVariantWeight?: number;
  readonly InitialInstanceCount?: number;
  readonly InstanceType?: string;
  readonly ServerlessConfig?: { readonly MemorySizeInMB: number; readonly MaxConcurrency: number };
}

export interface EndpointConfig extends Resource {
  readonly input: Readonly<Record<string, unknown>>;
  readonly variants: readonly Variant[];
  readonly shadows: readonly Variant[];
}

/**
 * Reads the variants of a request, refusing what the documentation excludes.
 *
 * @throws ApiError
 */
export function readVariants(input: Readonly<Record<string, unknown>>): {
  readonly variants: readonly Variant[];
  readonly shadows: readonly Variant[];
} {
  const variants = (input['ProductionVariants'] ?? []) as Variant[];
  const shadows = (input['ShadowProductionVariants'] ?? []) as Variant[];
  const all = [...variants, ...shadows];
  for (const variant of all) assertHosting(variant);
  if (new Set(all.map(({ VariantName }) => VariantName)).size < all.length) {
    throw validationError('Variant names must be unique.');
  }
  if (shadows.length > 0 && (shadows.length > 1 || variants.length > 1)) {
    throw validationError('A shadow needs one production variant and is one itself.');
  }
  if (all.some(({ ServerlessConfig }) => ServerlessConfig !== undefined)) {
    assertServerless(input, all);
  }
  return { variants, shadows };
}

function assertHosting({ InstanceType, InitialInstanceCount, ServerlessConfig }: Variant): void {
  if ((ServerlessConfig === undefined) === (InstanceType === undefined)) {
    throw validationError('Exactly one of InstanceType and ServerlessConfig must be given.');
  }
  if (InstanceType !== undefined && InitialInstanceCount === undefined) {
    throw validationError('InitialInstanceCount is required with an InstanceType.');
  }
  if ((ServerlessConfig?.MemorySizeInMB ?? 0) % 1024 !== 0) {
    throw validationError('MemorySizeInMB must be in 1 GB increments.');
  }
}

/** "Serverless Inference: feature exclusions". */
function assertServerless(input: Readonly<Record<string, unknown>>, all: readonly Variant[]): void {
  const excluded = ['DataCaptureConfig', 'KmsKeyId', 'VpcConfig', 'ShadowProductionVariants'].find(
    (name) => input[name] !== undefined,
  );
  if (excluded !== undefined) {
    throw validationError(`${excluded} is not supported for serverless endpoints.`);
  }
  if (all.length > 1) throw validationError('Serverless endpoints have one production variant.');
}
