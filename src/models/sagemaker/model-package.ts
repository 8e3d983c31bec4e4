// A version of a model as SageMaker's words.

import type {
  CreateModelPackageCommandInput,
  ModelApprovalStatus,
} from '@aws-sdk/client-sagemaker';
import { sha256Of } from '../../storage/index.js';
import type { ModelVersionView } from '../fold-model.js';

export const STAGE_PROPERTY = 'anneal-stage';

/** Where model.tar.gz is; its only file's name when the model is a single file. */
export interface PackedModel {
  readonly uri: string;
  readonly fileName?: string;
}

// Limits of botocore's sagemaker/2017-07-24/service-2.json: CustomerMetadataMap, its keys and values, EntityDescription.
const MOST_PROPERTIES = 50;
const MAX_PROPERTY_KEY = 128;
const MAX_PROPERTY_VALUE = 256;
const MAX_DESCRIPTION = 1024;
const TOKEN_CHARS = 36;
const DEFAULT_INSTANCE_TYPE = 'ml.m5.large';
const MODEL_FOLDER = '/opt/ml/model'; // as the deployer has it (deployment-plan.ts)

/** How a version is called there: `churn@3 of Anneal, sha256:…`. */
export function descriptionOf({
  name,
  version,
  model,
}: Pick<ModelVersionView, 'name' | 'version' | 'model'>): string {
  return `${name}@${version} of Anneal, ${model.digest}`;
}

/** Whether a package is that of a version. */
export function isPackageOf(version: ModelVersionView, description: string | undefined): boolean {
  return description === descriptionOf(version);
}

/** Input that makes a package of a version. */
export function packageInput(
  version: ModelVersionView,
  image: string,
  { uri, fileName }: PackedModel,
): CreateModelPackageCommandInput {
  const { name, model, instanceType = DEFAULT_INSTANCE_TYPE } = version;
  const description = descriptionOf(version);
  return {
    ModelPackageGroupName: name,
    ModelPackageDescription: description,
    ClientToken: sha256Of(description).slice('sha256:'.length).slice(0, TOKEN_CHARS),
    InferenceSpecification: {
      Containers: [
        {
          Image: image,
          ModelDataUrl: uri,
          Environment: {
            ANNEAL_MODEL: fileName === undefined ? MODEL_FOLDER : `${MODEL_FOLDER}/${fileName}`,
            ANNEAL_EXPECT_DIGEST: model.digest,
          },
        },
      ],
      SupportedContentTypes: ['text/csv', 'application/json'],
      SupportedResponseMIMETypes: ['application/json', 'text/csv'],
      SupportedRealtimeInferenceInstanceTypes: [instanceType as 'ml.m5.large'],
    },
    ModelApprovalStatus: approvalOf(version).status,
    CustomerMetadataProperties: propertiesOf(version),
  };
}

/** What the decision on a version is there, and whose it was. */
export function approvalOf({
  verdict,
  approvedBy,
  reason,
  stage,
}: Pick<ModelVersionView, 'verdict' | 'approvedBy' | 'reason' | 'stage'>): {
  readonly status: ModelApprovalStatus;
  readonly description: string;
} {
  const status =
    verdict === 'accepted'
      ? 'Approved'
      : verdict === 'refused'
        ? 'Rejected'
        : 'PendingManualApproval';
  const who = approvedBy === undefined ? 'by the gate' : `by ${approvedBy}`;
  const words = verdict === undefined ? 'not judged' : `${verdict.replace('_', ' ')} ${who}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return { status, description: `${stage}, ${words}${why}`.slice(0, MAX_DESCRIPTION) };
}

function propertiesOf({ model, run, stage, metrics }: ModelVersionView): Record<string, string> {
  const facts = {
    'anneal-run': run.runId,
    'anneal-pipeline': run.pipeline,
    'anneal-pipeline-digest': run.digest,
    'anneal-model-digest': model.digest,
    [STAGE_PROPERTY]: stage,
  };
  const all = [...Object.entries(facts), ...Object.entries(metrics)].slice(0, MOST_PROPERTIES);
  return Object.fromEntries(
    all.map(([key, value]) => [
      allowed(key).slice(0, MAX_PROPERTY_KEY),
      allowed(String(value)).slice(0, MAX_PROPERTY_VALUE),
    ]),
  );
}

/** Characters that AWS refuses become `_`. */
function allowed(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_');
}
