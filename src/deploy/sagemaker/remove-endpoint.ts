import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointConfigCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { deployErrors } from '../../errors/index.js';
import { jittered, wait, type AwsCaller } from '../../aws/index.js';
import { findEndpoint, type EndpointFacts } from './endpoint-facts.js';
import { OWNER_TAG } from './tags.js';

const POLL_MS = 15_000;

/**
 * Deletes an endpoint of ours, then the configuration and the models it served.
 *
 * @throws E_NOT_FOUND, E_ENDPOINT_OWNER, E_DEPLOY
 */
export async function removeEndpoint(
  client: SageMakerClient,
  caller: AwsCaller,
  endpointName: string,
  { adopt = false, pollMs = POLL_MS }: { readonly adopt?: boolean; readonly pollMs?: number },
): Promise<void> {
  const found = await findEndpoint(client, caller, endpointName);
  if (found === undefined) throw deployErrors.endpointNotFound(endpointName);
  if (!found.tags.has(OWNER_TAG) && !adopt) throw deployErrors.endpointOwnedByOthers(endpointName);
  let facts: EndpointFacts | undefined = found;
  while (facts !== undefined) {
    if (facts.status !== 'Deleting') await deleteEndpoint(client, caller, endpointName);
    await wait(jittered(pollMs, caller.waiting.random), 'endpoint being deleted', caller.waiting);
    facts = await findEndpoint(client, caller, endpointName);
  }
  await removeConfig(client, caller, found.configName);
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

async function removeConfig(
  client: SageMakerClient,
  caller: AwsCaller,
  configName: string,
): Promise<void> {
  const EndpointConfigName = configName;
  const config = await caller.repeat(() =>
    client.send(new DescribeEndpointConfigCommand({ EndpointConfigName })),
  );
  if (config === undefined) return;
  await caller.repeat(() => client.send(new DeleteEndpointConfigCommand({ EndpointConfigName })));
  for (const { ModelName } of config.ProductionVariants ?? []) {
    await caller.repeat(() => client.send(new DeleteModelCommand({ ModelName })));
  }
}
