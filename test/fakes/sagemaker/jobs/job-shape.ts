// A job's request as what has to be done on a machine.

import type { S3Source } from './job-files.js';
import type { HostedJob } from './job-host.js';

export interface JobShape {
  readonly kind: HostedJob['kind'];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly inputs: readonly { readonly source: S3Source; readonly target: string }[];
  readonly outputs: readonly { readonly target: string; readonly uri: string }[];
  /** Folders that a container finds made. */
  readonly folders: readonly string[];
  readonly messageFile: string;
  readonly checkpoints?: { readonly target: string; readonly uri: string };
  readonly isSpot: boolean;
}

interface ProcessingRequest {
  readonly AppSpecification: { readonly ContainerEntrypoint: string[] };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly ProcessingInputs: { readonly S3Input: S3Source & { readonly LocalPath: string } }[];
  readonly ProcessingOutputConfig: {
    readonly Outputs: {
      readonly S3Output: { readonly S3Uri: string; readonly LocalPath: string };
    }[];
  };
}

interface TrainingRequest {
  readonly AlgorithmSpecification: { readonly ContainerEntrypoint: string[] };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly InputDataConfig: {
    readonly ChannelName: string;
    readonly DataSource: { readonly S3DataSource: S3Source };
  }[];
  readonly OutputDataConfig: { readonly S3OutputPath: string };
  readonly CheckpointConfig?: { readonly S3Uri: string; readonly LocalPath?: string };
  readonly EnableManagedSpotTraining?: boolean;
}

export function jobShape(job: HostedJob): JobShape {
  return job.kind === 'processing'
    ? processingShape(job.request as unknown as ProcessingRequest)
    : trainingShape(job.name, job.request as unknown as TrainingRequest);
}

function processingShape(request: ProcessingRequest): JobShape {
  const outputs = request.ProcessingOutputConfig.Outputs.map(({ S3Output }) => ({
    target: S3Output.LocalPath,
    uri: S3Output.S3Uri,
  }));
  return {
    kind: 'processing',
    command: request.AppSpecification.ContainerEntrypoint,
    environment: request.Environment ?? {},
    inputs: request.ProcessingInputs.map(({ S3Input }) => ({
      source: S3Input,
      target: S3Input.LocalPath,
    })),
    outputs,
    folders: ['/opt/ml/output', ...outputs.map(({ target }) => target)],
    messageFile: '/opt/ml/output/message',
    isSpot: false,
  };
}

function trainingShape(name: string, request: TrainingRequest): JobShape {
  const { CheckpointConfig: checkpoint, OutputDataConfig } = request;
  const target = checkpoint?.LocalPath ?? '/opt/ml/checkpoints';
  const kept = checkpoint && { target, uri: checkpoint.S3Uri };
  return {
    kind: 'training',
    command: request.AlgorithmSpecification.ContainerEntrypoint,
    environment: request.Environment ?? {},
    inputs: [
      ...request.InputDataConfig.map(({ ChannelName, DataSource }) => ({
        source: DataSource.S3DataSource,
        target: `/opt/ml/input/data/${ChannelName}`,
      })),
      // What an earlier try of the job left is there again.
      ...(kept
        ? [{ source: { S3DataType: 'S3Prefix' as const, S3Uri: `${kept.uri}/` }, target }]
        : []),
    ],
    outputs: [
      { target: '/opt/ml/model', uri: `${OutputDataConfig.S3OutputPath}/${name}/output/model` },
    ],
    folders: ['/opt/ml/model', '/opt/ml/output', ...(kept ? [target] : [])],
    messageFile: '/opt/ml/output/failure',
    ...(kept ? { checkpoints: kept } : {}),
    isSpot: request.EnableManagedSpotTraining === true,
  };
}
