import type { AwsCaller } from '../../aws/index.js';
import type { DeploymentRequest } from '../deployer.js';
import type { UploadModelArchive } from './archive-upload.js';
import type { AwsClients } from './aws-clients.js';
import type { SageMakerSettings } from './sagemaker-settings.js';

export interface DeployOptions extends SageMakerSettings {
  readonly uploadModelArchive: UploadModelArchive;
  readonly pollMs?: number;
  readonly endpointTimeoutMs?: number;
}

/** One deployment: what is asked for, and how AWS is called for it. */
export interface Deployment {
  readonly aws: AwsClients;
  readonly caller: AwsCaller;
  readonly request: DeploymentRequest;
  readonly options: DeployOptions;
}

// At least 10 s: DescribeEndpoint is throttled per account, and an update takes minutes.
const POLL_MS = 15_000;
const ENDPOINT_TIMEOUT_MS = 90 * 60_000;

/** How long an endpoint is waited for. */
export interface Patience {
  /** Between two looks at it. */
  readonly pollMs: number;
  readonly timeoutMs: number;
}

/** The patience that the options ask for, or the default one. */
export function patienceOf({
  pollMs = POLL_MS,
  endpointTimeoutMs = ENDPOINT_TIMEOUT_MS,
}: Pick<DeployOptions, 'pollMs' | 'endpointTimeoutMs'>): Patience {
  return { pollMs, timeoutMs: endpointTimeoutMs };
}
