// One deployment to Amazon SageMaker: archive, model, endpoint configuration, alarms, endpoint; then what it answers.
//
// Y1. The model is checked and packed before AWS is called at all.
// Y2. Every step looks before it acts (src/aws/aws-caller.ts, change-endpoint.ts), so the deployment may be cut off
//     anywhere and begun again.
// Y3. Promoted means that the wanted configuration serves and that the endpoint's answer to the model's sample row is
//     the recorded one. Otherwise the earlier configuration is put back, and the answer is rolled_back.
// Y4. What earlier deployments left goes only after a promotion; failing at it fails no deployment.

import {
  AddTagsCommand,
  DescribeEndpointConfigCommand,
  type ProductionVariant,
  type Tag,
} from '@aws-sdk/client-sagemaker';
import type { AwsCaller } from '../../aws/index.js';
import type { DeploymentView } from '../../contract/index.js';
import type { DeploymentRequest } from '../deployer.js';
import { archiveModel, type ModelArchive } from './archive-model.js';
import type { UploadModelArchive } from './archive-upload.js';
import type { AwsClients } from './aws-clients.js';
import { changeEndpoint, type EndpointChange, type SettledStep } from './change-endpoint.js';
import { planDeployment, type DeploymentPlan } from './deployment-plan.js';
import { findEndpoint, type EndpointFacts } from './endpoint-facts.js';
import { endpointUrl } from './endpoint-url.js';
import { assertQuiet, ensureAlarms, trippedAlarms } from './ensure-alarms.js';
import { ensureAutoscaling } from './ensure-autoscaling.js';
import { ensureEndpointConfig, ensureModel } from './ensure-model.js';
import { asAnnealError } from './explain-aws.js';
import { removeLeftovers } from './remove-leftovers.js';
import { alarmsOf } from './rollout-alarms.js';
import { deploymentConfigOf, waitingSeconds } from './rollout-config.js';
import type { SageMakerSettings } from './sagemaker-settings.js';
import { whyServedDiffers } from './served-prediction.js';
import {
  decodeIntent,
  earlierConfigOf,
  encodeVerdict,
  INTENT_TAG,
  SCALING_TAG,
  VERDICT_TAG,
} from './tags.js';

export interface DeployOptions extends SageMakerSettings {
  readonly uploadModelArchive: UploadModelArchive;
  readonly pollMs?: number;
  readonly endpointTimeoutMs?: number;
}

// At least 10 s: DescribeEndpoint is throttled per account, and an update takes minutes.
const POLL_MS = 15_000;
const ENDPOINT_TIMEOUT_MS = 90 * 60_000;
const KEEP_EARLIER = 1;

interface Deployment {
  readonly aws: AwsClients;
  readonly caller: AwsCaller;
  readonly request: DeploymentRequest;
  readonly options: DeployOptions;
}

/** Carries out a deployment (Y1 to Y4). @throws E_ARTIFACT, E_AWS_CONFIG, E_ENDPOINT_OWNER, E_DEPLOY */
export async function deploySageMaker(
  aws: AwsClients,
  caller: AwsCaller,
  request: DeploymentRequest,
  options: DeployOptions,
): Promise<DeploymentView> {
  const deployment = { aws, caller, request, options };
  const archive = await storeArchive(deployment);
  const champion = await findChampion(deployment);
  const plan = planDeployment(request, options, archive, champion);
  caller.waiting.progress('making the model');
  await ensureModel(aws.sagemaker, caller, plan);
  await ensureEndpointConfig(aws.sagemaker, caller, plan);
  const alarmNames = await makeAlarms(deployment, plan);
  const change = changeOf(deployment, plan, alarmNames);
  const settled = await judge(deployment, change, await changeEndpoint(change));
  const isShadow = champion !== undefined && settled.outcome === 'promoted';
  if (settled.outcome === 'promoted') await finish(deployment, plan, isShadow);
  return viewOf(deployment, isShadow, await withAlarms(deployment, settled, alarmNames));
}

async function storeArchive({
  caller: { waiting },
  request: { endpointName, modelPath, modelDigest },
  options,
}: Deployment): Promise<ModelArchive> {
  const model = { path: modelPath, digest: modelDigest };
  return archiveModel(model, options.uploadModelArchive, waiting).catch((error: unknown) => {
    throw asAnnealError(endpointName, error);
  });
}

/** The variant beside which the candidate is to be a shadow; none when the endpoint serves nothing yet. */
async function findChampion({
  aws,
  caller,
  request,
}: Deployment): Promise<ProductionVariant | undefined> {
  if (request.sagemaker?.shadow === undefined) return undefined;
  const facts = await findEndpoint(aws.sagemaker, caller, request.endpointName);
  if (facts === undefined || facts.status === 'Failed') return undefined;
  const config = await caller.repeat(() =>
    aws.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: facts.configName })),
  );
  return config?.ProductionVariants?.[0];
}

async function makeAlarms(deployment: Deployment, plan: DeploymentPlan): Promise<string[]> {
  const { aws, caller, request } = deployment;
  const { endpointName, rollout } = request;
  if (rollout === undefined) return [];
  const { alarms } = rollout;
  const { cloudwatch } = aws;
  if (alarms.names.length > 0 && !(await isBegun(deployment, plan))) {
    await assertQuiet(cloudwatch, caller, alarms.names);
  }
  const wanted = alarmsOf(endpointName, plan.name, alarms);
  return [...(await ensureAlarms(cloudwatch, caller, wanted)), ...alarms.names];
}

/** Whether this deployment has changed the endpoint before: an alarm that rings then may be its own doing. */
async function isBegun(
  { aws, caller, request }: Deployment,
  plan: DeploymentPlan,
): Promise<boolean> {
  const { endpointName, deploymentId } = request;
  const facts = await findEndpoint(aws.sagemaker, caller, endpointName);
  const wanted = { deploymentId, configName: plan.name };
  return facts !== undefined && decodeIntent(facts.tags.get(INTENT_TAG), wanted) !== undefined;
}

function changeOf(
  { aws, caller, request, options }: Deployment,
  plan: DeploymentPlan,
  alarmNames: readonly string[],
): EndpointChange {
  const { rollout, sagemaker, endpointName, deploymentId } = request;
  const waitingMs = rollout === undefined ? 0 : waitingSeconds(rollout) * 1000;
  return {
    client: aws.sagemaker,
    caller,
    endpointName,
    plan,
    wanted: {
      deploymentId,
      configName: plan.name,
      adopt: options.adopt ?? false,
      replaceFailed: options.replaceFailed ?? true,
    },
    deploymentConfig: deploymentConfigOf(rollout, alarmNames),
    isScaled: sagemaker?.autoscaling !== undefined,
    pollMs: options.pollMs ?? POLL_MS,
    timeoutMs: (options.endpointTimeoutMs ?? ENDPOINT_TIMEOUT_MS) + waitingMs,
  };
}

type Settled = SettledStep & { readonly unchanged: boolean };

/** Y3. A shadow's answers reach nobody, so nobody can compare them here. */
async function judge(
  { aws, caller, request }: Deployment,
  change: EndpointChange,
  settled: Settled,
): Promise<Settled> {
  const isShadow = change.plan.endpointConfig.ShadowProductionVariants !== undefined;
  if (settled.outcome !== 'promoted' || isShadow) return settled;
  const reason = await whyServedDiffers(aws.runtime, caller, request);
  if (reason === undefined) return settled;
  const { client, endpointName, wanted } = change;
  const facts = await findEndpoint(client, caller, endpointName);
  const earlierConfigName = earlierConfigOf(facts?.tags.get(INTENT_TAG), wanted.configName);
  if (facts === undefined || earlierConfigName === undefined) {
    return { ...settled, outcome: 'failed', reason: `the endpoint was made, but ${reason}` };
  }
  const verdict = encodeVerdict({ ...wanted, earlierConfigName, reason });
  await writeTags(change, [{ Key: VERDICT_TAG, Value: verdict }]);
  const after = await changeEndpoint(change);
  // The tag has room for fewer characters, and fewer kinds of them.
  return { ...after, unchanged: false, ...(after.outcome === 'rolled_back' ? { reason } : {}) };
}

/** The endpoint's tags name the model that answers, never its shadow. */
async function finish(
  deployment: Deployment,
  plan: DeploymentPlan,
  isShadow: boolean,
): Promise<void> {
  const { aws, caller, request } = deployment;
  const { endpointName, sagemaker } = request;
  const scaling = sagemaker?.autoscaling;
  const tags = [
    ...(isShadow ? [] : plan.tags),
    ...(scaling === undefined ? [] : [{ Key: SCALING_TAG, Value: 'yes' }]),
  ];
  await writeTags({ client: aws.sagemaker, caller, endpointName }, tags);
  if (scaling !== undefined) await ensureAutoscaling(aws.scaling, caller, endpointName, scaling);
  await tidyUp(deployment, plan);
}

/** Y4. */
async function tidyUp(
  { aws, caller, request: { endpointName, sagemaker } }: Deployment,
  plan: DeploymentPlan,
): Promise<void> {
  try {
    const facts = await findEndpoint(aws.sagemaker, caller, endpointName);
    await removeLeftovers(aws, caller, {
      endpointName,
      earlierConfigName: earlierConfigOf(facts?.tags.get(INTENT_TAG), plan.name),
      keep: sagemaker?.keepEarlier ?? KEEP_EARLIER,
      isServing: true,
    });
  } catch (error) {
    const { signal, progress } = caller.waiting;
    signal.throwIfAborted();
    progress(`what is left of earlier deployments stays: ${(error as Error).message}`);
  }
}

/** Writes tags on the endpoint; those that are right already are left alone. */
async function writeTags(
  { client, caller, endpointName }: Pick<EndpointChange, 'client' | 'caller' | 'endpointName'>,
  tags: Tag[],
): Promise<void> {
  for (;;) {
    const facts: EndpointFacts | undefined = await findEndpoint(client, caller, endpointName);
    const isTagged = tags.every(({ Key, Value }) => facts?.tags.get(Key!) === Value);
    if (facts === undefined || isTagged) return;
    await caller.send(() =>
      client.send(new AddTagsCommand({ ResourceArn: facts.arn, Tags: tags })),
    );
  }
}

/** Says which alarm ended a rollout, where one still rings. */
async function withAlarms(
  { aws, caller }: Deployment,
  settled: Settled,
  alarmNames: readonly string[],
): Promise<Settled> {
  if (settled.outcome !== 'rolled_back') return settled;
  const tripped = await trippedAlarms(aws.cloudwatch, caller, alarmNames);
  if (tripped.length === 0) return settled;
  return { ...settled, reason: `${settled.reason ?? ''} Alarm ${tripped.join('; ')}`.trim() };
}

function viewOf(
  { request, options }: Deployment,
  isShadow: boolean,
  settled: Settled,
): DeploymentView {
  const { endpointName, modelDigest } = request;
  return {
    status: isShadow ? 'shadowing' : settled.outcome,
    endpoint: endpointName,
    url: endpointUrl(options.region, endpointName),
    modelDigest,
    ...(settled.reason === undefined ? {} : { reason: settled.reason }),
    ...(settled.outcome === 'promoted' && settled.unchanged ? { unchanged: true } : {}),
  };
}
