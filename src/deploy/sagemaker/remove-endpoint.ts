import { DeleteEndpointCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { deployErrors } from '../../errors/index.js';
import { jittered, wait, type AwsCaller } from '../../aws/index.js';
import type { AwsClients } from './aws-clients.js';
import { findEndpoint, type EndpointFacts } from './endpoint-facts.js';
import { endAutoscaling } from './ensure-autoscaling.js';
import { removeLeftovers } from './remove-leftovers.js';
import { OWNER_TAG, SCALING_TAG } from './tags.js';

const POLL_MS = 15_000;

/**
 * Deletes an endpoint of ours, then its configurations with the models and alarms that nothing else needs.
 *
 * @throws E_NOT_FOUND, E_ENDPOINT_OWNER, E_DEPLOY
 */
export async function removeEndpoint(
  clients: AwsClients,
  caller: AwsCaller,
  endpointName: string,
  { adopt = false, pollMs = POLL_MS }: { readonly adopt?: boolean; readonly pollMs?: number },
): Promise<void> {
  const { sagemaker } = clients;
  const found = await findEndpoint(sagemaker, caller, endpointName);
  if (found === undefined) throw deployErrors.endpointNotFound(endpointName);
  if (!found.tags.has(OWNER_TAG) && !adopt) throw deployErrors.endpointOwnedByOthers(endpointName);
  for (const { name: variant } of found.tags.has(SCALING_TAG) ? found.variants : []) {
    await endAutoscaling(clients.scaling, caller, { endpointName, variant });
  }
  let facts: EndpointFacts | undefined = found;
  while (facts !== undefined) {
    if (facts.status !== 'Deleting') await deleteEndpoint(sagemaker, caller, endpointName);
    await wait(jittered(pollMs, caller.waiting.random), 'endpoint being deleted', caller.waiting);
    facts = await findEndpoint(sagemaker, caller, endpointName);
  }
  await removeLeftovers(clients, caller, { endpointName, keep: 0, isServing: false });
}

/** Sends the deletion; refused is fine when the endpoint is gone, or going, all the same. */
async function deleteEndpoint(
  client: SageMakerClient,
  caller: AwsCaller,
  endpointName: string,
): Promise<void> {
  try {
    await caller.send(() => client.send(new DeleteEndpointCommand({ EndpointName: endpointName })));
  } catch (error) {
    const facts = await findEndpoint(client, caller, endpointName);
    if (facts !== undefined && facts.status !== 'Deleting') throw error;
  }
}
