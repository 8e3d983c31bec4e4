// The deployer of the `sagemaker` target: who calls AWS, how patiently, and what is checked before a run.

import {
  createAwsCaller,
  SYSTEM_CLOCK,
  type AwsCaller,
  type Clock,
  type Waiting,
} from '../../aws/index.js';
import { deployErrors } from '../../errors/index.js';
import type { DeploymentCheck, SplittingDeployer } from '../deployer.js';
import { assertEndpointName } from '../endpoint-name.js';
import type { UploadModelArchive } from './archive-upload.js';
import { createAwsClients, type AwsClientConfig, type AwsClients } from './aws-clients.js';
import { changeSplit } from './change-split.js';
import { deploySageMaker } from './deploy-sagemaker.js';
import { patienceOf } from './deployment.js';
import { findEndpoint } from './endpoint-facts.js';
import { explainAws } from './explain-aws.js';
import { assertInstanceType } from './instance-type.js';
import { listEndpoints } from './list-endpoints.js';
import { removeEndpoint } from './remove-endpoint.js';
import { assertPolicy } from './rollout-rules.js';
import { assertSageMakerSettings, type SageMakerSettings } from './sagemaker-settings.js';
import { OWNER_TAG } from './tags.js';

export interface SageMakerDeployerOptions extends SageMakerSettings {
  readonly uploadModelArchive: UploadModelArchive;
  /** Credentials, endpoint address and the like; the region comes from the settings. */
  readonly clientConfig?: AwsClientConfig;
  /** Time between two looks at an endpoint, in milliseconds; default 15 000. */
  readonly pollMs?: number;
  /** Longest wait for the endpoint, others' changes included, in milliseconds; default 90 minutes. */
  readonly endpointTimeoutMs?: number;
  /** Longest time one call may be throttled or unanswered, in milliseconds; default 10 minutes. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random?: () => number;
}

const PATIENCE_MS = 10 * 60_000;
const NEVER = new AbortController().signal;

/** Makes the deployer of the `sagemaker` target, with the AWS SDK loaded. */
export function openSageMakerDeployer(options: SageMakerDeployerOptions): SplittingDeployer {
  let clients: AwsClients | undefined;
  const connect = (): AwsClients => {
    assertSageMakerSettings(options);
    clients ??= createAwsClients(options.region, options.clientConfig);
    return clients;
  };
  const callerFor = (
    endpoint: string,
    context: Pick<Waiting, 'signal' | 'progress'> = { signal: NEVER, progress: () => undefined },
  ): AwsCaller =>
    createAwsCaller({
      ...explainAws(endpoint),
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      waiting: {
        clock: options.clock ?? SYSTEM_CLOCK,
        random: options.random ?? Math.random,
        ...context,
      },
    });
  return {
    target: 'sagemaker',
    check: async (request) => {
      assertNames(request);
      const aws = connect();
      assertPolicy(request, options);
      await checkCaller(aws, options, request.endpointName, callerFor(request.endpointName));
    },
    deploy: async (request, context) => {
      assertNames(request);
      const aws = connect();
      assertPolicy(request, options);
      return deploySageMaker(aws, callerFor(request.endpointName, context), request, options);
    },
    list: async () =>
      listEndpoints(connect().sagemaker, callerFor('every endpoint'), options.region),
    split: async (endpointName, percent) =>
      changeSplit({
        ...{ endpointName, percent, client: connect().sagemaker, caller: callerFor(endpointName) },
        ...{ adopt: options.adopt ?? false, patience: patienceOf(options) },
      }),
    stop: async (name) => removeEndpoint(connect(), callerFor(name), name, options),
  };
}

function assertNames(request: DeploymentCheck): void {
  assertEndpointName(request.endpointName);
  if (request.instanceType !== undefined) assertInstanceType(request.instanceType);
}

/** Asks AWS who we are to it: credentials, permission to look, and whose the endpoint is. */
async function checkCaller(
  { sagemaker }: AwsClients,
  options: SageMakerDeployerOptions,
  endpointName: string,
  caller: AwsCaller,
): Promise<void> {
  await sagemaker.config.credentials().catch((error: unknown) => {
    throw deployErrors.awsConfigWrong(
      'No AWS credentials were found.',
      'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      error,
    );
  });
  const found = await findEndpoint(sagemaker, caller, endpointName);
  if (found !== undefined && !found.tags.has(OWNER_TAG) && options.adopt !== true) {
    throw deployErrors.endpointOwnedByOthers(endpointName);
  }
}
