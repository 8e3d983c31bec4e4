// What AWS's documentation asks of jobs beyond the API model.

import { validationError } from '../../../../src/devserver/fake-sagemaker/index.js';
import type { HostedJob, Input } from './job-host.js';

const ECR_IMAGE = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9._/-]+([:@].+)?$/;

/** @throws ApiError */
export function checkJobRules(kind: HostedJob['kind'], request: Input): void {
  if (kind === 'processing') checkProcessing(request);
  else checkTraining(request);
}

function checkProcessing(request: Input): void {
  const { ImageUri } = request['AppSpecification'] as { ImageUri: string };
  checkImage(ImageUri);
  const inputs = (request['ProcessingInputs'] ?? []) as { S3Input: { LocalPath: string } }[];
  const { Outputs = [] } = (request['ProcessingOutputConfig'] ?? {}) as {
    Outputs?: { S3Output: { LocalPath: string } }[];
  };
  const paths = [
    ...inputs.map(({ S3Input }) => S3Input.LocalPath),
    ...Outputs.map(({ S3Output }) => S3Output.LocalPath),
  ];
  for (const path of paths) {
    if (!path.startsWith('/opt/ml/processing/')) {
      throw validationError(`LocalPath must begin with /opt/ml/processing/: ${path}`);
    }
  }
  if (new Set(paths).size < paths.length) throw validationError('LocalPath must be unique.');
}

function checkTraining(request: Input): void {
  const { TrainingImage } = request['AlgorithmSpecification'] as { TrainingImage: string };
  checkImage(TrainingImage);
  const channels = (request['InputDataConfig'] ?? []) as { ChannelName: string }[];
  if (new Set(channels.map(({ ChannelName }) => ChannelName)).size < channels.length) {
    throw validationError('Channel names must be unique.');
  }
  const stopping = (request['StoppingCondition'] ?? {}) as {
    MaxRuntimeInSeconds?: number;
    MaxWaitTimeInSeconds?: number;
  };
  const isSpot = request['EnableManagedSpotTraining'] === true;
  const { MaxRuntimeInSeconds: runtime = 0, MaxWaitTimeInSeconds: wait } = stopping;
  if (isSpot !== (wait !== undefined)) {
    throw validationError('MaxWaitTimeInSeconds goes with EnableManagedSpotTraining.');
  }
  if (wait !== undefined && wait < runtime) {
    throw validationError('MaxWaitTimeInSeconds must be at least MaxRuntimeInSeconds.');
  }
}

function checkImage(image: string): void {
  if (!ECR_IMAGE.test(image)) throw validationError(`Invalid image URI ${image}: not in ECR.`);
}
