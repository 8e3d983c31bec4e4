import type { EndpointStatus, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { jittered, wait, type AwsCaller } from '../../aws/index.js';
import { deployErrors } from '../../errors/index.js';
import type { Patience } from './deployment.js';
import { findEndpoint, type EndpointFacts } from './endpoint-facts.js';

const CHANGING: readonly EndpointStatus[] = [
  'Creating',
  'Updating',
  'SystemUpdating',
  'RollingBack',
  'Deleting',
];

/**
 * Waits until nothing changes at an endpoint: what it serves is known only then.
 *
 * @returns undefined when there is no such endpoint
 * @throws E_DEPLOY when it does not come to rest in time
 */
export async function endpointAtRest(
  client: SageMakerClient,
  caller: AwsCaller,
  endpointName: string,
  { pollMs, timeoutMs }: Patience,
): Promise<EndpointFacts | undefined> {
  const { clock, random } = caller.waiting;
  const deadline = clock.now() + timeoutMs;
  for (;;) {
    const facts = await findEndpoint(client, caller, endpointName);
    if (facts === undefined || !CHANGING.includes(facts.status)) return facts;
    if (clock.now() >= deadline) throw notInService(endpointName, timeoutMs);
    await wait(jittered(pollMs, random), `endpoint ${facts.status}`, caller.waiting);
  }
}

/** What is said of an endpoint whose change has not ended in time. */
export function notInService(endpointName: string, timeoutMs: number): Error {
  return deployErrors.deploymentFailed(
    endpointName,
    `it was not in service after ${Math.round(timeoutMs / 60_000)} minutes`,
    { retryable: true },
  );
}
