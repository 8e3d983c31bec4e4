// Deploys to Amazon SageMaker: archive, model, endpoint configuration, endpoint.
//
// The model is checked and packed before AWS is called at all. Every step looks before it acts
// (src/aws/aws-caller.ts, change-endpoint.ts), so the deployment may be cut off anywhere and begun again.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddTagsCommand,
  SageMakerClient,
  type SageMakerClientConfig,
} from '@aws-sdk/client-sagemaker';
import {
  createAwsCaller,
  SYSTEM_CLOCK,
  type AwsCaller,
  type Clock,
  type Waiting,
} from '../../aws/index.js';
import type { DeploymentView } from '../../contract/index.js';
import { deployErrors } from '../../errors/index.js';
import type { Deployer, DeploymentRequest } from '../deployer.js';
import { assertEndpointName } from '../endpoint-name.js';
import type { UploadModelArchive } from './archive-upload.js';
import { asAnnealError, explainAws } from './explain-aws.js';
import { changeEndpoint, type SettledStep } from './change-endpoint.js';
import { planDeployment, type DeploymentPlan } from './deployment-plan.js';
import { findEndpoint } from './endpoint-facts.js';
import { endpointUrl } from './endpoint-url.js';
import { ensureEndpointConfig, ensureModel } from './ensure-model.js';
import { assertInstanceType } from './instance-type.js';
import { listEndpoints } from './list-endpoints.js';
import { packModel } from './model-archive.js';
import { removeEndpoint } from './remove-endpoint.js';
import { assertSageMakerSettings, type SageMakerSettings } from './sagemaker-settings.js';
import { OWNER_TAG } from './tags.js';

export interface SageMakerDeployerOptions extends SageMakerSettings {
  readonly uploadModelArchive: UploadModelArchive;
  /** Credentials, endpoint address and the like; the region comes from the settings. */
  readonly clientConfig?: SageMakerClientConfig;
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

// At least 10 s: DescribeEndpoint is throttled per account, and an update takes minutes.
const POLL_MS = 15_000;
const ENDPOINT_TIMEOUT_MS = 90 * 60_000;
const PATIENCE_MS = 10 * 60_000;
const NEVER = new AbortController().signal;

/** Makes the deployer of the `sagemaker` target, with the AWS SDK loaded. */
export function openSageMakerDeployer(options: SageMakerDeployerOptions): Deployer {
  let client: SageMakerClient | undefined;
  const connect = (): SageMakerClient => {
    assertSageMakerSettings(options);
    // One attempt: W1 of aws-caller.ts.
    const { clientConfig, region } = options;
    client ??= new SageMakerClient({ ...clientConfig, region, maxAttempts: 1 });
    return client;
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
      await checkCaller(connect(), options, request.endpointName, callerFor(request.endpointName));
    },
    deploy: async (request, context) => {
      assertNames(request);
      return deploy(connect(), options, request, callerFor(request.endpointName, context));
    },
    list: async () => listEndpoints(connect(), callerFor('every endpoint'), options.region),
    stop: async (name) => removeEndpoint(connect(), callerFor(name), name, options),
  };
}

function assertNames(request: Pick<DeploymentRequest, 'endpointName' | 'instanceType'>): void {
  assertEndpointName(request.endpointName);
  if (request.instanceType !== undefined) assertInstanceType(request.instanceType);
}

/** Asks AWS who we are to it: credentials, permission to look, and whose the endpoint is. */
async function checkCaller(
  client: SageMakerClient,
  options: SageMakerDeployerOptions,
  endpointName: string,
  caller: AwsCaller,
): Promise<void> {
  await client.config.credentials().catch((error: unknown) => {
    throw deployErrors.awsConfigWrong(
      'No AWS credentials were found.',
      'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      error,
    );
  });
  const found = await findEndpoint(client, caller, endpointName);
  if (found !== undefined && !found.tags.has(OWNER_TAG) && options.adopt !== true) {
    throw deployErrors.endpointOwnedByOthers(endpointName);
  }
}

async function deploy(
  client: SageMakerClient,
  options: SageMakerDeployerOptions,
  request: DeploymentRequest,
  caller: AwsCaller,
): Promise<DeploymentView> {
  const plan = planDeployment(request, options, await storeArchive(options, request, caller));
  caller.waiting.progress('making the model');
  await ensureModel(client, caller, plan);
  await ensureEndpointConfig(client, caller, plan);
  const settled = await changeEndpoint({
    client,
    caller,
    endpointName: request.endpointName,
    plan,
    wanted: {
      deploymentId: request.deploymentId,
      configName: plan.name,
      adopt: options.adopt ?? false,
      replaceFailed: options.replaceFailed ?? true,
    },
    deploymentConfig: options.deploymentConfig,
    pollMs: options.pollMs ?? POLL_MS,
    timeoutMs: options.endpointTimeoutMs ?? ENDPOINT_TIMEOUT_MS,
  });
  if (settled.outcome === 'promoted') await tagEndpoint(client, caller, request, plan);
  return viewOf(request, options.region, settled);
}

/** Packs the model in a private folder and hands it to the uploader. */
async function storeArchive(
  options: SageMakerDeployerOptions,
  { endpointName, modelPath, modelDigest }: DeploymentRequest,
  { waiting }: AwsCaller,
): Promise<{ readonly uri: string; readonly fileName?: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'anneal-archive-'));
  try {
    const path = join(folder, 'model.tar.gz');
    waiting.progress('packing the model');
    const { fileName } = await packModel(modelPath, modelDigest, path);
    waiting.progress('uploading the model');
    const { signal } = waiting;
    return { fileName, uri: await options.uploadModelArchive({ path, modelDigest, signal }) };
  } catch (error) {
    throw asAnnealError(endpointName, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says on the endpoint which model it serves; tags that are right already are left alone. */
async function tagEndpoint(
  client: SageMakerClient,
  caller: AwsCaller,
  { endpointName }: DeploymentRequest,
  { tags }: DeploymentPlan,
): Promise<void> {
  for (;;) {
    const facts = await findEndpoint(client, caller, endpointName);
    const isTagged = tags.every(({ Key, Value }) => facts?.tags.get(Key!) === Value);
    if (facts === undefined || isTagged) return;
    await caller.send(() =>
      client.send(new AddTagsCommand({ ResourceArn: facts.arn, Tags: tags })),
    );
  }
}

function viewOf(
  request: DeploymentRequest,
  region: string,
  settled: SettledStep & { readonly unchanged: boolean },
): DeploymentView {
  return {
    status: settled.outcome,
    endpoint: request.endpointName,
    url: endpointUrl(region, request.endpointName),
    modelDigest: request.modelDigest,
    ...(settled.reason === undefined ? {} : { reason: settled.reason }),
    ...(settled.outcome === 'promoted' && settled.unchanged ? { unchanged: true } : {}),
  };
}
