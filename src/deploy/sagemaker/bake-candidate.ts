// Baking where SageMaker does none: it watches alarms only in updates between configurations whose variants have the same
// names, and a split comes and goes with a variant. The alarms of the policy are then watched from here.
//
// K1. The time counts from the endpoint's last modification, its coming into service: a deployment that is begun again
//     goes on with what is left of it, and looks at the alarms at least once.
// K2. The first model of an endpoint has nothing to go back to, and does not bake.

import { DescribeEndpointConfigCommand } from '@aws-sdk/client-sagemaker';
import { wait } from '../../aws/index.js';
import type { EndpointChange } from './change-endpoint.js';
import type { Deployment } from './deployment.js';
import { findEndpoint } from './endpoint-facts.js';
import { trippedAlarms } from './ensure-alarms.js';
import { earlierConfigOf, INTENT_TAG } from './tags.js';
import { namesOf, sameNames } from './variant-name.js';

/** Watches until the policy's baking is over. @returns which alarm rang, in words; undefined when none did */
export async function whyAlarmed(
  deployment: Deployment,
  change: EndpointChange,
  alarmNames: readonly string[],
): Promise<string | undefined> {
  const { aws, caller, request } = deployment;
  const bakeSeconds = request.rollout?.bakeSeconds ?? 0;
  if (bakeSeconds === 0 || alarmNames.length === 0) return undefined;
  const facts = await findEndpoint(aws.sagemaker, caller, request.endpointName);
  if (facts === undefined) return undefined;
  const earlier = earlierConfigOf(facts.tags.get(INTENT_TAG), change.plan.name);
  if (!(await isAnotherShape(deployment, change, earlier))) return undefined;
  const endsMs = facts.modifiedAtMs + bakeSeconds * 1000;
  for (;;) {
    const tripped = await trippedAlarms(aws.cloudwatch, caller, alarmNames);
    if (tripped.length > 0) return `an alarm rang while it baked: ${tripped.join('; ')}`;
    const leftMs = endsMs - caller.waiting.clock.now();
    if (leftMs <= 0) return undefined;
    await wait(Math.min(leftMs, change.patience.pollMs), 'baking', caller.waiting);
  }
}

/** Whether the configuration from before has variants of other names (K2: false where there was none). */
async function isAnotherShape(
  { aws, caller }: Deployment,
  { plan }: EndpointChange,
  earlierConfigName: string | undefined,
): Promise<boolean> {
  if (earlierConfigName === undefined) return false;
  const earlier = await caller.repeat(() =>
    aws.sagemaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: earlierConfigName }),
    ),
  );
  if (earlier === undefined) return false;
  const [before, now] = [earlier.ProductionVariants, plan.endpointConfig.ProductionVariants];
  return !sameNames(namesOf(before), namesOf(now));
}
