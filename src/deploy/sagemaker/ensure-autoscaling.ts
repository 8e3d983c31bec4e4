// Instances that follow the requests, by Application Auto Scaling. Both calls are upserts: they are made only when what
// is there differs.

import {
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type ApplicationAutoScalingClient,
} from '@aws-sdk/client-application-auto-scaling';
import type { AutoscalingPolicy } from '../../contract/index.js';
import type { AwsCaller } from '../../aws/index.js';
import { VARIANT } from './variant-name.js';

const POLICY_NAME = 'anneal-invocations';

/** Registers the endpoint's instances and their target, unless both are as wanted. */
export async function ensureAutoscaling(
  client: ApplicationAutoScalingClient,
  caller: AwsCaller,
  endpointName: string,
  { min, max, targetInvocationsPerInstance }: AutoscalingPolicy,
): Promise<void> {
  const place = placeOf(endpointName);
  await caller.settle(
    async () => {
      const { ServiceNamespace, ResourceId, ScalableDimension } = place;
      const found = await caller.repeat(() =>
        client.send(
          new DescribeScalableTargetsCommand({
            ServiceNamespace,
            ScalableDimension,
            ResourceIds: [ResourceId],
          }),
        ),
      );
      return found?.ScalableTargets?.find(
        ({ MinCapacity, MaxCapacity }) => MinCapacity === min && MaxCapacity === max,
      );
    },
    () =>
      client.send(
        new RegisterScalableTargetCommand({ ...place, MinCapacity: min, MaxCapacity: max }),
      ),
  );
  await caller.settle(
    async () => {
      const found = await caller.repeat(() =>
        client.send(new DescribeScalingPoliciesCommand({ ...place, PolicyNames: [POLICY_NAME] })),
      );
      return found?.ScalingPolicies?.find(
        ({ TargetTrackingScalingPolicyConfiguration: tracking }) =>
          tracking?.TargetValue === targetInvocationsPerInstance,
      );
    },
    () =>
      client.send(
        new PutScalingPolicyCommand({
          ...place,
          PolicyName: POLICY_NAME,
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: targetInvocationsPerInstance,
            PredefinedMetricSpecification: {
              PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance',
            },
          },
        }),
      ),
  );
}

/** Ends the scaling of an endpoint that is going; its policies go with it. */
export async function endAutoscaling(
  client: ApplicationAutoScalingClient,
  caller: AwsCaller,
  endpointName: string,
): Promise<void> {
  await caller.repeat(() =>
    client.send(new DeregisterScalableTargetCommand(placeOf(endpointName))),
  );
}

function placeOf(endpointName: string) {
  return {
    ServiceNamespace: 'sagemaker',
    ResourceId: `endpoint/${endpointName}/variant/${VARIANT}`,
    ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
  } as const;
}
