// One deployment to Amazon SageMaker: archive, model, endpoint configuration, alarms, endpoint; then what it answers.
//
// Y1. The model is checked and packed before AWS is called at all.
// Y2. Every step looks before it acts (src/aws/aws-caller.ts, change-endpoint.ts), so the deployment may be cut off
//     anywhere and begun again.
// Y3. Promoted means that the wanted configuration serves and that the endpoint's answer to the model's sample row is
//     the recorded one. Otherwise the earlier configuration is put back, and the answer is rolled_back.
// Y4. What earlier deployments left goes only after a promotion; failing at it fails no deployment.
// Y5. Beside the live model the candidate gets the share that its policy names, whatever the weights were changed to.

import type { AwsCaller } from '../../aws/index.js';
import type { DeploymentStatus, DeploymentView } from '../../contract/index.js';
import type { DeploymentRequest } from '../deployer.js';
import { archiveModel, type ModelArchive } from './archive-model.js';
import type { AwsClients } from './aws-clients.js';
import { findChampion } from './champion-variant.js';
import { changeEndpoint, type EndpointChange, type Settled } from './change-endpoint.js';
import { changeSplit } from './change-split.js';
import { patienceOf, type DeployOptions, type Deployment } from './deployment.js';
import { planDeployment, type Companionship, type DeploymentPlan } from './deployment-plan.js';
import { findEndpoint, type EndpointFacts } from './endpoint-facts.js';
import { endpointUrl } from './endpoint-url.js';
import { assertQuiet, ensureAlarms, trippedAlarms } from './ensure-alarms.js';
import { endAutoscaling, ensureAutoscaling } from './ensure-autoscaling.js';
import { ensureEndpointConfig, ensureModel } from './ensure-model.js';
import { asAnnealError } from './explain-aws.js';
import { judgeCandidate } from './judge-candidate.js';
import { keepLiveAnswer } from './live-answer.js';
import { removeLeftovers } from './remove-leftovers.js';
import { alarmsOf } from './rollout-alarms.js';
import { deploymentConfigOf, waitingSeconds } from './rollout-config.js';
import { CANDIDATE_TAG, decodeIntent, earlierConfigOf, INTENT_TAG, SCALING_TAG } from './tags.js';
import { CANDIDATE_VARIANT, VARIANT } from './variant-name.js';
import { writeTags } from './write-tags.js';

const KEEP_EARLIER = 1;

/** Carries out a deployment (Y1 to Y5). @throws E_ARTIFACT, E_AWS_CONFIG, E_ENDPOINT_OWNER, E_DEPLOY */
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
  if (champion !== undefined && plan.beside === 'split') await keepLiveAnswer(deployment, champion);
  const change = changeOf(deployment, plan, alarmNames);
  const changed = await withAlarms(deployment, await changeEndpoint(change), alarmNames);
  const settled = await judgeCandidate(deployment, change, { champion, alarmNames }, changed);
  if (settled.outcome === 'promoted') await finish(deployment, plan);
  if (settled.outcome === 'rolled_back') await scaleVariants(deployment);
  return viewOf(deployment, plan.beside, settled);
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

async function makeAlarms(deployment: Deployment, plan: DeploymentPlan): Promise<string[]> {
  const { aws, caller, request } = deployment;
  const { endpointName, rollout } = request;
  if (rollout === undefined) return [];
  const { alarms } = rollout;
  const { cloudwatch } = aws;
  if (alarms.names.length > 0 && !(await isBegun(deployment, plan))) {
    await assertQuiet(cloudwatch, caller, alarms.names);
  }
  const variant = plan.beside === 'split' ? CANDIDATE_VARIANT : VARIANT;
  const wanted = alarmsOf({ endpointName, configName: plan.name, variant }, alarms);
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
  deployment: Deployment,
  plan: DeploymentPlan,
  alarmNames: readonly string[],
): EndpointChange {
  const { aws, caller, request, options } = deployment;
  const { rollout, sagemaker, endpointName, deploymentId } = request;
  const waitingMs = rollout === undefined ? 0 : waitingSeconds(rollout) * 1000;
  const { pollMs, timeoutMs } = patienceOf(options);
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
    releaseVariants: (facts, kept) => endScaling(deployment, facts, kept),
    patience: { pollMs, timeoutMs: timeoutMs + waitingMs },
  };
}

/** Ends the scaling of all variants but some. */
async function endScaling(
  { aws, caller, request: { endpointName } }: Deployment,
  { tags, variants }: EndpointFacts,
  kept: readonly string[],
): Promise<void> {
  if (!tags.has(SCALING_TAG)) return;
  for (const { name: variant } of variants.filter(({ name }) => !kept.includes(name))) {
    await endAutoscaling(aws.scaling, caller, { endpointName, variant });
  }
}

/** The endpoint's own tags name the model that was live before as long as it answers too. */
async function finish(deployment: Deployment, plan: DeploymentPlan): Promise<void> {
  const { aws, caller, request, options } = deployment;
  const { endpointName, sagemaker, modelDigest } = request;
  const { sagemaker: client } = aws;
  if (plan.beside === 'split' && sagemaker?.split !== undefined) {
    const { percent } = sagemaker.split;
    await changeSplit({
      ...{ client, caller, endpointName, percent },
      ...{ adopt: options.adopt ?? false, patience: patienceOf(options) },
    });
  }
  const own = {
    alone: plan.tags,
    shadow: [],
    split: [{ Key: CANDIDATE_TAG, Value: modelDigest }],
  }[plan.beside ?? 'alone'];
  const scaled = sagemaker?.autoscaling === undefined ? [] : [{ Key: SCALING_TAG, Value: 'yes' }];
  await writeTags(client, caller, endpointName, [...own, ...scaled]);
  await scaleVariants(deployment);
  await tidyUp(deployment, plan);
}

/** Lets the instances of every variant in service follow its requests, once that is the endpoint's way. */
async function scaleVariants({ aws, caller, request }: Deployment): Promise<void> {
  const { endpointName, sagemaker } = request;
  const scaling = sagemaker?.autoscaling;
  if (scaling === undefined) return;
  const facts = await findEndpoint(aws.sagemaker, caller, endpointName);
  if (facts === undefined || !facts.tags.has(SCALING_TAG)) return;
  for (const { name: variant } of facts.variants) {
    await ensureAutoscaling(aws.scaling, caller, { endpointName, variant }, scaling);
  }
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

const STATUS_BESIDE: Readonly<Record<Companionship, DeploymentStatus>> = {
  shadow: 'shadowing',
  split: 'splitting',
};

function viewOf(
  { request, options }: Deployment,
  beside: Companionship | undefined,
  { outcome, reason, unchanged }: Settled,
): DeploymentView {
  const { endpointName, modelDigest, sagemaker } = request;
  const isInService = outcome === 'promoted';
  return {
    status: isInService && beside !== undefined ? STATUS_BESIDE[beside] : outcome,
    endpoint: endpointName,
    url: endpointUrl(options.region, endpointName),
    modelDigest,
    ...(reason === undefined ? {} : { reason }),
    ...(isInService && beside === 'split' && sagemaker?.split),
    ...(isInService && unchanged ? { unchanged } : {}),
  };
}
