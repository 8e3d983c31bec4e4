// What a deployment makes in AWS, as plain inputs of the calls.
//
// A1. Names follow from content: the same model, image, role and hosting give the same names, so a
//     repeated deployment finds what an earlier one made, and other content never meets it.

import type {
  CreateEndpointConfigCommandInput,
  CreateModelCommandInput,
  DataCaptureConfig,
  ProductionVariant,
  ProductionVariantInstanceType,
  Tag,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerPolicy } from '../../contract/index.js';
import { sha256Of } from '../../storage/index.js';
import { canonicalJson, type JsonValue } from '../../util/index.js';
import type { DeploymentRequest } from '../deployer.js';
import { instancesOf } from './rollout-rules.js';
import type { SageMakerSettings } from './sagemaker-settings.js';
import type { ModelArchive } from './archive-model.js';
import { deploymentTags } from './tags.js';
import { CANDIDATE_VARIANT, VARIANT } from './variant-name.js';

/** How a candidate serves together with the model now live: it gets copies of requests, or a share of them. */
export type Companionship = 'shadow' | 'split';

export interface DeploymentPlan {
  /** Of the model and of the endpoint configuration, at most 63 characters. */
  readonly name: string;
  readonly tags: Tag[];
  readonly model: CreateModelCommandInput;
  readonly endpointConfig: CreateEndpointConfigCommandInput;
  /** Absent: the candidate serves alone. */
  readonly beside?: Companionship;
}

const DEFAULT_INSTANCE_TYPE = 'ml.m5.large';
const NAME_MAX_LENGTH = 63;
const NAME_DIGEST_LENGTH = 16;
// Where SageMaker unpacks model.tar.gz in every serving container.
const MODEL_FOLDER = '/opt/ml/model';

/**
 * Plans a deployment.
 *
 * @param archive where model.tar.gz is; its only file's name when the model is a single file
 * @param champion the variant that goes on answering beside the candidate; absent: the candidate serves alone
 */
export function planDeployment(
  request: DeploymentRequest,
  settings: SageMakerSettings,
  archive: ModelArchive,
  champion?: ProductionVariant,
): DeploymentPlan {
  const policy = request.sagemaker ?? {};
  const container = containerOf(request, settings, archive);
  const hosting = hostingOf(request, settings);
  const extras = extrasOf(policy);
  const content = {
    ...{ endpoint: request.endpointName, role: settings.roleArn, container, hosting },
    ...extras,
    ...(champion && {
      ...{ champion: champion.ModelName, shadow: policy.shadow },
      ...(policy.split && { split: policy.split }),
    }),
  };
  const name = planName(request.endpointName, content);
  const tags = deploymentTags(request);
  const { VpcConfig, ...config } = extras;
  const candidate = { ModelName: name, ...hosting };
  const { beside, ...variants } = variantsOf(candidate, champion, policy);
  return {
    name,
    tags,
    model: {
      ModelName: name,
      ExecutionRoleArn: settings.roleArn,
      PrimaryContainer: container,
      ...(VpcConfig && { VpcConfig }),
      Tags: tags,
    },
    endpointConfig: {
      EndpointConfigName: name,
      ...variants,
      ...config,
      Tags: tags,
    },
    ...(beside && { beside }),
  };
}

type Variants = Pick<
  CreateEndpointConfigCommandInput,
  'ProductionVariants' | 'ShadowProductionVariants'
> &
  Pick<DeploymentPlan, 'beside'>;

function variantsOf(
  candidate: Omit<ProductionVariant, 'VariantName'>,
  champion: ProductionVariant | undefined,
  { shadow, split }: SageMakerPolicy,
): Variants {
  const second = { VariantName: CANDIDATE_VARIANT, ...candidate };
  if (champion !== undefined && split !== undefined) {
    const { percent } = split;
    return {
      beside: 'split',
      ProductionVariants: [
        { ...champion, VariantName: VARIANT, InitialVariantWeight: 100 - percent },
        { ...second, InitialVariantWeight: percent },
      ],
    };
  }
  if (champion !== undefined && shadow !== undefined) {
    return {
      beside: 'shadow',
      ProductionVariants: [{ ...champion, InitialVariantWeight: 1 }],
      // The shadow's weight beside the champion's is the share of requests that it gets copies of.
      ShadowProductionVariants: [{ ...second, InitialVariantWeight: shadow.samplingPercent / 100 }],
    };
  }
  return { ProductionVariants: [{ VariantName: VARIANT, ...candidate }] };
}

/** What a policy adds to the configuration, and to the model's network. */
function extrasOf({ dataCapture, kmsKeyId, vpc }: SageMakerPolicy) {
  return {
    ...(dataCapture && { DataCaptureConfig: dataCaptureOf(dataCapture) }),
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    ...(vpc && {
      VpcConfig: { Subnets: [...vpc.subnets], SecurityGroupIds: [...vpc.securityGroups] },
    }),
  };
}

function dataCaptureOf(capture: NonNullable<SageMakerPolicy['dataCapture']>): DataCaptureConfig {
  return {
    EnableCapture: true,
    InitialSamplingPercentage: capture.percent,
    DestinationS3Uri: capture.s3Uri,
    ...(capture.kmsKeyId !== undefined && { KmsKeyId: capture.kmsKeyId }),
    CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    CaptureContentTypeHeader: {
      CsvContentTypes: ['text/csv'],
      JsonContentTypes: ['application/json'],
    },
  };
}

/** `<endpoint>-<digest of the content>`, the endpoint's name cut where needed (A1). */
export function planName(endpointName: string, content: object): string {
  const hex = sha256Of(canonicalJson(content as JsonValue)).slice('sha256:'.length);
  return `${planPrefix(endpointName)}${hex.slice(0, NAME_DIGEST_LENGTH)}`;
}

/** What the names of all models and configurations of an endpoint begin with. */
export function planPrefix(endpointName: string): string {
  const readable = endpointName.slice(0, NAME_MAX_LENGTH - 1 - NAME_DIGEST_LENGTH);
  return `${readable.replace(/-+$/, '')}-`;
}

function containerOf(
  request: DeploymentRequest,
  settings: SageMakerSettings,
  archive: ModelArchive,
) {
  const { fileName } = archive;
  return {
    Image: settings.image,
    ModelDataUrl: archive.uri,
    Environment: {
      ...settings.environment,
      ANNEAL_MODEL: fileName === undefined ? MODEL_FOLDER : `${MODEL_FOLDER}/${fileName}`,
      ANNEAL_EXPECT_DIGEST: request.modelDigest,
      ...(request.allowPickle === true ? { ANNEAL_ALLOW_PICKLE: '1' } : {}),
    },
  };
}

function hostingOf(request: DeploymentRequest, settings: SageMakerSettings) {
  const policy = request.sagemaker ?? {};
  const serverless = policy.serverless ?? settings.serverless;
  if (serverless !== undefined) {
    return {
      ServerlessConfig: {
        MemorySizeInMB: serverless.memorySizeMb,
        MaxConcurrency: serverless.maxConcurrency,
      },
    };
  }
  return {
    InstanceType: instanceTypeOf(request, settings),
    InitialInstanceCount: instancesOf(request, settings),
  };
}

/** Checked by assertInstanceType, which accepts types that the SDK's list does not have yet. */
function instanceTypeOf(request: DeploymentRequest, settings: SageMakerSettings) {
  const chosen =
    request.sagemaker?.instanceType ??
    request.instanceType ??
    settings.instanceType ??
    DEFAULT_INSTANCE_TYPE;
  return chosen as ProductionVariantInstanceType;
}
