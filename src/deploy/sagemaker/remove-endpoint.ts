import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointConfigCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { deployErrors } from '../../errors/index.js';
import type { AwsCaller } from './aws-caller.js';
import { findEndpoint } from './endpoint-facts.js';
import { OWNER_TAG } from './tags.js';
import { jittered, wait } from './waiting.js';

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
  for (;;) {
    const facts = await findEndpoint(client, caller, endpointName);
    if (facts === undefined) break;
    if (facts.status !== 'Deleting') {
      await caller.repeat(() =>
        client.send(new DeleteEndpointCommand({ EndpointName: endpointName })),
      );
    }
    await wait(jittered(pollMs, caller.waiting.random), 'endpoint being deleted', caller.waiting);
  }
  await removeConfig(client, caller, found.configName);
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
