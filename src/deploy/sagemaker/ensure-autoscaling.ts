// Instances of a variant that follow its requests, by Application Auto Scaling. Both calls are upserts: they are made only
// when what is there differs.

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

const POLICY_NAME = 'anneal-invocations';

/** A variant of an endpoint. */
export interface ScaledVariant {
  readonly endpointName: string;
  readonly variant: string;
}

/** Registers a variant's instances and their target, unless both are as wanted. */
export async function ensureAutoscaling(
  client: ApplicationAutoScalingClient,
  caller: AwsCaller,
  scaled: ScaledVariant,
  { min, max, targetInvocationsPerInstance }: AutoscalingPolicy,
): Promise<void> {
  const place = placeOf(scaled);
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

/** Ends the scaling of a variant that is going; its policies go with it. */
export async function endAutoscaling(
  client: ApplicationAutoScalingClient,
  caller: AwsCaller,
  scaled: ScaledVariant,
): Promise<void> {
  await caller.repeat(() => client.send(new DeregisterScalableTargetCommand(placeOf(scaled))));
}

function placeOf({ endpointName, variant }: ScaledVariant) {
  return {
    ServiceNamespace: 'sagemaker',
    ResourceId: `endpoint/${endpointName}/variant/${variant}`,
    ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
  } as const;
}
