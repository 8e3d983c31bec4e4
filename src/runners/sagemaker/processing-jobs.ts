import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  StopProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  type DescribeProcessingJobCommandOutput,
  type ProcessingInput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { JobApi, JobPlan, JobView } from './job.js';
import { JOB_PLACES } from './job-places.js';

const PLACES = JOB_PLACES.processing;
const STATES: Readonly<Record<string, JobView['state']>> = {
  Completed: 'completed',
  Failed: 'failed',
  Stopping: 'stopping',
  Stopped: 'stopped',
};

/** Processing jobs: any image, inputs and outputs as plain files. */
export function processingJobs(client: SageMakerClient): JobApi {
  return {
    logGroup: '/aws/sagemaker/ProcessingJobs',
    create: (plan) => client.send(new CreateProcessingJobCommand(processingRequest(plan))),
    describe: async (ProcessingJobName) =>
      viewOf(await client.send(new DescribeProcessingJobCommand({ ProcessingJobName }))),
    stop: (ProcessingJobName) => client.send(new StopProcessingJobCommand({ ProcessingJobName })),
  };
}

/** The whole of CreateProcessingJob for one task. */
export function processingRequest(plan: JobPlan): CreateProcessingJobCommandInput {
  const { settings } = plan;
  const { kmsKeyId, subnets, securityGroups } = settings;
  return {
    ProcessingJobName: plan.name,
    RoleArn: settings.roleArn,
    AppSpecification: { ImageUri: plan.image, ContainerEntrypoint: [...plan.entrypoint] },
    ProcessingInputs: [
      input('launch', `${plan.launchUri}/`, { LocalPath: PLACES.launch, S3DataType: 'S3Prefix' }),
      ...plan.inputs.map(({ bucket, manifestUri }, index) =>
        input(`inputs-${index}`, manifestUri, {
          LocalPath: `${PLACES.inputs}/${bucket}`,
          S3DataType: 'ManifestFile',
        }),
      ),
    ],
    ProcessingOutputConfig: {
      KmsKeyId: kmsKeyId,
      Outputs: [
        {
          OutputName: 'task',
          S3Output: {
            S3Uri: plan.outputUri,
            LocalPath: PLACES.task,
            S3UploadMode: 'EndOfJob',
          },
        },
      ],
    },
    ProcessingResources: {
      ClusterConfig: {
        InstanceCount: 1,
        InstanceType: plan.instanceType,
        VolumeSizeInGB: plan.volumeGb,
        VolumeKmsKeyId: kmsKeyId,
      },
    } as CreateProcessingJobCommandInput['ProcessingResources'],
    StoppingCondition: { MaxRuntimeInSeconds: plan.maxRuntimeSeconds },
    NetworkConfig: {
      EnableNetworkIsolation: settings.isIsolated,
      ...(subnets.length > 0
        ? { VpcConfig: { Subnets: [...subnets], SecurityGroupIds: [...securityGroups] } }
        : {}),
    },
    Tags: [...plan.tags],
  };
}

function input(
  InputName: string,
  S3Uri: string,
  place: { readonly LocalPath: string; readonly S3DataType: 'S3Prefix' | 'ManifestFile' },
): ProcessingInput {
  const S3Input = {
    S3Uri,
    ...place,
    S3InputMode: 'File',
    S3DataDistributionType: 'FullyReplicated',
  };
  return { InputName, S3Input } as ProcessingInput;
}

function viewOf(job: DescribeProcessingJobCommandOutput): JobView {
  const outputUri = job.ProcessingOutputConfig?.Outputs?.[0]?.S3Output?.S3Uri;
  return {
    name: job.ProcessingJobName ?? '',
    state: STATES[job.ProcessingJobStatus ?? ''] ?? 'running',
    failureReason: job.FailureReason,
    message: job.ExitMessage,
    createdAt: job.CreationTime ?? new Date(0),
    startedAt: job.ProcessingStartTime,
    endedAt: job.ProcessingEndTime,
    maxRuntimeSeconds: job.StoppingCondition?.MaxRuntimeInSeconds,
    image: job.AppSpecification?.ImageUri,
    outputUri,
    resultUri: outputUri,
  };
}
