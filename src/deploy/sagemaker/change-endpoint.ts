// Brings an endpoint to the wanted configuration: look, decide (decide-step.ts), act, look again.
//
// Every pass begins with a fresh look, so a call whose answer was lost is seen by its effect and
// never sent twice; a process that takes over in the middle goes on where the other stopped.

import {
  AddTagsCommand,
  CreateEndpointCommand,
  DeleteEndpointCommand,
  UpdateEndpointCommand,
  type DeploymentConfig,
  type SageMakerClient,
  type UpdateEndpointCommandInput,
} from '@aws-sdk/client-sagemaker';
import { deployErrors } from '../../errors/index.js';
import { jittered, wait, type AwsCaller } from '../../aws/index.js';
import type { Patience } from './deployment.js';
import { decideStep, type EndpointStep, type WantedEndpoint } from './decide-step.js';
import type { DeploymentPlan } from './deployment-plan.js';
import { notInService } from './endpoint-at-rest.js';
import { findEndpoint, type EndpointFacts } from './endpoint-facts.js';
import { decodeIntent, encodeIntent, INTENT_TAG } from './tags.js';
import { namesOf, sameNames, VARIANT } from './variant-name.js';

export interface EndpointChange {
  readonly client: SageMakerClient;
  readonly caller: AwsCaller;
  readonly endpointName: string;
  readonly plan: DeploymentPlan;
  readonly wanted: WantedEndpoint;
  /**
   * How traffic moves in an update; absent: all at once, nothing watched. Left out where the variants change: SageMaker
   * takes it only between configurations whose variants have the same names.
   */
  readonly deploymentConfig?: DeploymentConfig;
  /** Whether the instances follow the requests: an update then keeps their number. */
  readonly isScaled: boolean;
  /**
   * Made right before an update is sent, or a way back: SageMaker takes no variant away that is still scaled.
   *
   * @param kept names of the variants that are sure to stay
   */
  readonly releaseVariants: (facts: EndpointFacts, kept: readonly string[]) => Promise<void>;
  readonly patience: Patience;
}

type SettledStep = Extract<EndpointStep, { readonly step: 'settled' }>;

/** How a change ended, and whether the endpoint was as wanted without it. */
export type Settled = SettledStep & { readonly unchanged: boolean };

/**
 * Makes the change and waits for its end.
 *
 * @throws E_ENDPOINT_OWNER, E_DEPLOY
 */
export async function changeEndpoint(change: EndpointChange): Promise<Settled> {
  const { clock, random } = change.caller.waiting;
  const { pollMs, timeoutMs } = change.patience;
  const deadline = clock.now() + timeoutMs;
  let unchanged = true;
  let refusedBefore: Error | undefined;
  while (clock.now() < deadline) {
    const facts = await findEndpoint(change.client, change.caller, change.endpointName);
    const next = decideStep(facts, change.wanted);
    if (next.step === 'settled') return { ...next, unchanged };
    if (next.step === 'refuse') throw refusal(change, next);
    if (next.step === 'wait') {
      unchanged = false;
      await wait(jittered(pollMs, random), `endpoint ${next.state}`, change.caller.waiting);
      continue;
    }
    // The look was already out of date when the call came: look once more before giving up.
    const isRepeated = refusedBefore !== undefined;
    refusedBefore = await whyRefused(change, next, facts);
    if (refusedBefore === undefined) unchanged = false;
    else if (isRepeated) throw refusedBefore;
    else await wait(jittered(pollMs, random), 'AWS refused, looking again', change.caller.waiting);
  }
  throw notInService(change.endpointName, timeoutMs);
}

type ChangingStep = Extract<
  EndpointStep,
  { readonly step: 'create' | 'update' | 'delete' | 'restore' }
>;

async function whyRefused(
  change: EndpointChange,
  next: ChangingStep,
  facts: EndpointFacts | undefined,
): Promise<Error | undefined> {
  try {
    await carryOut(change, next, facts);
    return undefined;
  } catch (error) {
    change.caller.waiting.signal.throwIfAborted();
    return error as Error;
  }
}

async function carryOut(
  change: EndpointChange,
  next: ChangingStep,
  facts: EndpointFacts | undefined,
): Promise<void> {
  const { caller } = change;
  switch (next.step) {
    case 'create':
      return void (await caller.send(() => create(change)));
    case 'delete':
      return void (await caller.send(() => remove(change)));
    case 'update':
      return update(change, facts!);
    case 'restore':
      await change.releaseVariants(facts!, [VARIANT]);
      return void (await caller.send(() => restore(change, next.configName)));
  }
}

function create({ client, endpointName, plan }: EndpointChange) {
  return client.send(
    new CreateEndpointCommand({
      EndpointName: endpointName,
      EndpointConfigName: plan.name,
      Tags: plan.tags,
    }),
  );
}

/** All at once: what serves now is known to be wrong. */
function restore({ client, endpointName }: EndpointChange, configName: string) {
  return client.send(
    new UpdateEndpointCommand({ EndpointName: endpointName, EndpointConfigName: configName }),
  );
}

function remove({ client, endpointName }: EndpointChange) {
  return client.send(new DeleteEndpointCommand({ EndpointName: endpointName }));
}

const KEEP_INSTANCES: Partial<UpdateEndpointCommandInput> = {
  RetainAllVariantProperties: true,
  ExcludeRetainedVariantProperties: [
    { VariantPropertyType: 'DesiredWeight' },
    { VariantPropertyType: 'DataCaptureConfig' },
  ],
};

/** Writes the intent first (Z3), and the update only when that is known to be written. */
async function update(change: EndpointChange, facts: EndpointFacts): Promise<void> {
  const { client, caller, wanted } = change;
  const { configName: earlierConfigName, modifiedAtMs } = facts;
  if (decodeIntent(facts.tags.get(INTENT_TAG), wanted)?.modifiedAtMs !== modifiedAtMs) {
    const intent = encodeIntent({ ...wanted, earlierConfigName, modifiedAtMs });
    const written = await caller.send(() =>
      client.send(
        new AddTagsCommand({
          ResourceArn: facts.arn,
          Tags: [{ Key: INTENT_TAG, Value: intent }],
        }),
      ),
    );
    if (written === 'unsure') return;
  }
  await change.releaseVariants(facts, namesOf(change.plan.endpointConfig.ProductionVariants));
  await caller.send(() =>
    client.send(
      new UpdateEndpointCommand({
        EndpointName: change.endpointName,
        EndpointConfigName: change.plan.name,
        DeploymentConfig: hasSameVariants(facts, change) ? change.deploymentConfig : undefined,
        ...(change.isScaled ? KEEP_INSTANCES : {}),
      }),
    ),
  );
}

function hasSameVariants({ variants }: EndpointFacts, { plan }: EndpointChange): boolean {
  const present = variants.map(({ name }) => name);
  return sameNames(present, namesOf(plan.endpointConfig.ProductionVariants));
}

function refusal(
  change: EndpointChange,
  step: Extract<EndpointStep, { readonly step: 'refuse' }>,
): Error {
  return step.why === 'owner'
    ? deployErrors.endpointOwnedByOthers(change.endpointName)
    : deployErrors.deploymentFailed(change.endpointName, step.reason, {
        hint: 'Delete the endpoint in the AWS console, or deploy to another name.',
      });
}
