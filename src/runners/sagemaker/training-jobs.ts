import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  StopTrainingJobCommand,
  type Channel,
  type CreateTrainingJobCommandInput,
  type DescribeTrainingJobCommandOutput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { JobApi, JobPlan, JobView } from './job.js';
import { JOB_PLACES, LAUNCH_CHANNEL } from './job-places.js';

const STATES: Readonly<Record<string, JobView['state']>> = {
  Completed: 'completed',
  Failed: 'failed',
  Stopping: 'stopping',
  Stopped: 'stopped',
};
// Managed spot: from the start to the end, waiting for capacity included.
const SPOT_WAIT_SECONDS = 24 * 60 * 60;

/** Training jobs: spot instances with checkpoints. */
export function trainingJobs(client: SageMakerClient): JobApi {
  return {
    logGroup: '/aws/sagemaker/TrainingJobs',
    create: (plan) => client.send(new CreateTrainingJobCommand(trainingRequest(plan))),
    describe: async (TrainingJobName) =>
      viewOf(await client.send(new DescribeTrainingJobCommand({ TrainingJobName }))),
    stop: (TrainingJobName) => client.send(new StopTrainingJobCommand({ TrainingJobName })),
  };
}

/** The whole of CreateTrainingJob for one task. */
export function trainingRequest(plan: JobPlan): CreateTrainingJobCommandInput {
  const { settings, maxRuntimeSeconds } = plan;
  const { kmsKeyId, subnets, securityGroups } = settings;
  return {
    TrainingJobName: plan.name,
    RoleArn: settings.roleArn,
    AlgorithmSpecification: {
      TrainingImage: plan.image,
      TrainingInputMode: 'File',
      ContainerEntrypoint: [...plan.entrypoint],
    },
    InputDataConfig: [
      channel(LAUNCH_CHANNEL, `${plan.launchUri}/`, 'S3Prefix'),
      ...plan.inputs.map(({ bucket, manifestUri }) => channel(bucket, manifestUri, 'ManifestFile')),
    ],
    // Without compression /opt/ml/model arrives as plain files: nothing has to be unpacked.
    OutputDataConfig: { S3OutputPath: plan.outputUri, KmsKeyId: kmsKeyId, CompressionType: 'NONE' },
    CheckpointConfig: { S3Uri: plan.checkpointUri, LocalPath: JOB_PLACES.training.checkpoints },
    EnableManagedSpotTraining: plan.spot,
    ResourceConfig: {
      InstanceCount: 1,
      InstanceType: plan.instanceType as 'ml.m5.large',
      VolumeSizeInGB: plan.volumeGb,
      VolumeKmsKeyId: kmsKeyId,
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: maxRuntimeSeconds,
      ...(plan.spot
        ? { MaxWaitTimeInSeconds: plan.maxWaitSeconds ?? maxRuntimeSeconds + SPOT_WAIT_SECONDS }
        : {}),
    },
    EnableNetworkIsolation: settings.isIsolated,
    ...(subnets.length > 0
      ? { VpcConfig: { Subnets: [...subnets], SecurityGroupIds: [...securityGroups] } }
      : {}),
    Tags: [...plan.tags],
  };
}

function channel(
  ChannelName: string,
  S3Uri: string,
  S3DataType: 'S3Prefix' | 'ManifestFile',
): Channel {
  const S3DataSource = { S3DataType, S3Uri, S3DataDistributionType: 'FullyReplicated' } as const;
  return { ChannelName, DataSource: { S3DataSource }, InputMode: 'File' };
}

function viewOf(job: DescribeTrainingJobCommandOutput): JobView {
  return {
    name: job.TrainingJobName ?? '',
    state: STATES[job.TrainingJobStatus ?? ''] ?? 'running',
    phase: job.SecondaryStatus,
    failureReason: job.FailureReason,
    // AWS puts the last words of a training container into the reason.
    message: job.FailureReason,
    createdAt: job.CreationTime ?? new Date(0),
    startedAt: job.TrainingStartTime,
    endedAt: job.TrainingEndTime,
    maxRuntimeSeconds: job.StoppingCondition?.MaxRuntimeInSeconds,
    image: job.AlgorithmSpecification?.TrainingImage,
    outputUri: job.OutputDataConfig?.S3OutputPath,
    resultUri: job.ModelArtifacts?.S3ModelArtifacts?.replace(/\/+$/, ''),
  };
}
