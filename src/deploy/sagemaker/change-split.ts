// The shares of two models that serve side by side, changed without a deployment.
//
// S1. It looks before it acts, and a change whose answer was lost is seen by its effect: one change, however often it is
//     asked for.
// S2. The wanted shares are live when it answers: SageMaker is Updating until they are.

import {
  UpdateEndpointWeightsAndCapacitiesCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { AwsCaller } from '../../aws/index.js';
import { deployErrors } from '../../errors/index.js';
import type { SplitView } from '../deployer.js';
import type { Patience } from './deployment.js';
import { endpointAtRest } from './endpoint-at-rest.js';
import type { EndpointFacts } from './endpoint-facts.js';
import { OWNER_TAG } from './tags.js';
import { CANDIDATE_VARIANT, VARIANT } from './variant-name.js';

export interface SplitChange {
  readonly client: SageMakerClient;
  readonly caller: AwsCaller;
  readonly endpointName: string;
  /** Wanted share of the candidate, 1 to 99. */
  readonly percent: number;
  /** Whether an endpoint without our tag may be changed. */
  readonly adopt: boolean;
  readonly patience: Patience;
}

// Weights are 32-bit numbers.
const TOLERANCE = 1e-4;

/**
 * Gives the candidate of a split its share (S1, S2).
 *
 * @throws E_NOT_FOUND, E_ENDPOINT_OWNER, E_DEPLOY; E_STATE when there is no split
 */
export async function changeSplit(change: SplitChange): Promise<SplitView> {
  const { endpointName, percent } = change;
  let earlierPercent: number | undefined;
  let isAccepted = false;
  let refusedBefore: Error | undefined;
  for (;;) {
    const facts = await lookAtRest(change);
    const share = candidatePercent(facts);
    if (share === undefined) throw deployErrors.noSplit(endpointName);
    earlierPercent ??= share;
    if (Math.abs(share - percent) < TOLERANCE) {
      return { endpoint: endpointName, percent, earlierPercent };
    }
    if (isAccepted) throw notTaken(change, facts);
    try {
      isAccepted = (await change.caller.send(() => sendWeights(change))) === 'done';
    } catch (error) {
      // The look was already out of date when the call came: look once more before giving up.
      change.caller.waiting.signal.throwIfAborted();
      if (refusedBefore !== undefined) throw error;
      refusedBefore = error as Error;
    }
  }
}

/** The share of the requests that the candidate of a split gets, percent; undefined where one model serves alone. */
export function candidatePercent({
  variants,
}: Pick<EndpointFacts, 'variants'>): number | undefined {
  const candidate = variants.find(({ name }) => name === CANDIDATE_VARIANT);
  if (candidate === undefined || variants.length < 2) return undefined;
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  return (candidate.weight / total) * 100;
}

/** @throws E_NOT_FOUND, E_ENDPOINT_OWNER; E_DEPLOY for an endpoint that is not in service */
async function lookAtRest(change: SplitChange): Promise<EndpointFacts> {
  const { client, caller, endpointName, patience, adopt } = change;
  const facts = await endpointAtRest(client, caller, endpointName, patience);
  if (facts === undefined) throw deployErrors.endpointNotFound(endpointName);
  if (!facts.tags.has(OWNER_TAG) && !adopt) throw deployErrors.endpointOwnedByOthers(endpointName);
  if (facts.status === 'InService') return facts;
  throw deployErrors.deploymentFailed(endpointName, `it is ${facts.status}`);
}

function sendWeights({ client, endpointName, percent }: SplitChange) {
  return client.send(
    new UpdateEndpointWeightsAndCapacitiesCommand({
      EndpointName: endpointName,
      DesiredWeightsAndCapacities: [
        { VariantName: VARIANT, DesiredWeight: 100 - percent },
        { VariantName: CANDIDATE_VARIANT, DesiredWeight: percent },
      ],
    }),
  );
}

function notTaken({ endpointName }: SplitChange, { failureReason }: EndpointFacts): Error {
  const why = failureReason ?? 'another change came after this one';
  return deployErrors.deploymentFailed(endpointName, `its shares are not the wanted ones: ${why}`);
}
