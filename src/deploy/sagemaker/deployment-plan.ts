// What a deployment makes in AWS, as plain inputs of the calls.
//
// A1. Names follow from content: the same model, image, role and hosting give the same names, so a
//     repeated deployment finds what an earlier one made, and other content never meets it.

import type {
  CreateEndpointConfigCommandInput,
  CreateModelCommandInput,
  ProductionVariantInstanceType,
  Tag,
} from '@aws-sdk/client-sagemaker';
import { sha256Of } from '../../storage/index.js';
import { canonicalJson, type JsonValue } from '../../util/index.js';
import type { DeploymentRequest } from '../deployer.js';
import type { SageMakerSettings } from './sagemaker-settings.js';
import { deploymentTags } from './tags.js';

export interface DeploymentPlan {
  /** Of the model and of the endpoint configuration, at most 63 characters. */
  readonly name: string;
  readonly tags: Tag[];
  readonly model: CreateModelCommandInput;
  readonly endpointConfig: CreateEndpointConfigCommandInput;
}

const DEFAULT_INSTANCE_TYPE = 'ml.m5.large';
const NAME_MAX_LENGTH = 63;
const NAME_DIGEST_LENGTH = 16;
const VARIANT = 'AllTraffic';
// Where SageMaker unpacks model.tar.gz in every serving container.
const MODEL_FOLDER = '/opt/ml/model';

/**
 * Plans a deployment.
 *
 * @param archive where model.tar.gz is; its only file's name when the model is a single file
 */
export function planDeployment(
  request: DeploymentRequest,
  settings: SageMakerSettings,
  archive: { readonly uri: string; readonly fileName?: string },
): DeploymentPlan {
  const container = containerOf(request, settings, archive);
  const hosting = hostingOf(request, settings);
  const content = { endpoint: request.endpointName, role: settings.roleArn, container, hosting };
  const name = planName(request.endpointName, content);
  const tags = deploymentTags(request);
  return {
    name,
    tags,
    model: {
      ModelName: name,
      ExecutionRoleArn: settings.roleArn,
      PrimaryContainer: container,
      Tags: tags,
    },
    endpointConfig: {
      EndpointConfigName: name,
      ProductionVariants: [{ VariantName: VARIANT, ModelName: name, ...hosting }],
      Tags: tags,
    },
  };
}

/** `<endpoint>-<digest of the content>`, the endpoint's name cut where needed (A1). */
export function planName(endpointName: string, content: object): string {
  const hex = sha256Of(canonicalJson(content as JsonValue)).slice('sha256:'.length);
  const digest = hex.slice(0, NAME_DIGEST_LENGTH);
  const readable = endpointName.slice(0, NAME_MAX_LENGTH - 1 - NAME_DIGEST_LENGTH);
  return `${readable.replace(/-+$/, '')}-${digest}`;
}

function containerOf(
  request: DeploymentRequest,
  settings: SageMakerSettings,
  archive: { readonly uri: string; readonly fileName?: string },
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
  const { serverless } = settings;
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
    InitialInstanceCount: settings.instanceCount ?? 1,
  };
}

/** Checked by assertInstanceType, which accepts types that the SDK's list does not have yet. */
function instanceTypeOf(request: DeploymentRequest, settings: SageMakerSettings) {
  const chosen = request.instanceType ?? settings.instanceType ?? DEFAULT_INSTANCE_TYPE;
  return chosen as ProductionVariantInstanceType;
}
