import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SageMakerClient, type SageMakerClientConfig } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';

/** The services that a deployment calls. */
export interface AwsClients {
  readonly sagemaker: SageMakerClient;
  /** Invokes endpoints. */
  readonly runtime: SageMakerRuntimeClient;
  readonly cloudwatch: CloudWatchClient;
  readonly scaling: ApplicationAutoScalingClient;
}

/** Credentials, endpoint address and the like, the same for all services. */
export type AwsClientConfig = Pick<SageMakerClientConfig, 'endpoint' | 'credentials'>;

/** Makes the clients; nothing is called yet. */
export function createAwsClients(region: string, config: AwsClientConfig = {}): AwsClients {
  // One attempt: W1 of aws-caller.ts.
  const shared = { ...config, region, maxAttempts: 1 };
  return {
    sagemaker: new SageMakerClient(shared),
    runtime: new SageMakerRuntimeClient(shared),
    cloudwatch: new CloudWatchClient(shared),
    scaling: new ApplicationAutoScalingClient(shared),
  };
}
