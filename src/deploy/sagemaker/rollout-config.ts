// A rollout policy in SageMaker's words.
//
// The first endpoint has nothing to roll back to: only updates have a DeploymentConfig.

import type { DeploymentConfig, TrafficRoutingConfig } from '@aws-sdk/client-sagemaker';
import type { RolloutPolicy } from '../../contract/index.js';

// What provisioning and ending fleets may take beside the policy's waits.
const FLEETS_SECONDS = 3600;
const LEAST_TIMEOUT_SECONDS = 600;
const MOST_TIMEOUT_SECONDS = 28_800;

/** Number of steps in which traffic reaches the new model. */
export function stepsOf({ strategy, stepPercent }: RolloutPolicy): number {
  if (strategy === 'all_at_once') return 1;
  return strategy === 'canary' ? 2 : Math.ceil(100 / stepPercent);
}

/** Time that a rollout waits in all, in seconds. */
export function waitingSeconds(rollout: RolloutPolicy): number {
  return (stepsOf(rollout) - 1) * rollout.stepSeconds + rollout.bakeSeconds;
}

/**
 * The blue/green update of a policy.
 *
 * @param alarmNames alarms that end it, created and named ones
 * @returns undefined for a policy that says nothing SageMaker would not do anyway
 */
export function deploymentConfigOf(
  rollout: RolloutPolicy | undefined,
  alarmNames: readonly string[],
): DeploymentConfig | undefined {
  if (rollout === undefined) return undefined;
  if (rollout.strategy === 'all_at_once' && rollout.bakeSeconds === 0 && alarmNames.length === 0) {
    return undefined;
  }
  const timeout = waitingSeconds(rollout) + FLEETS_SECONDS;
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: routingOf(rollout),
      TerminationWaitInSeconds: rollout.bakeSeconds,
      MaximumExecutionTimeoutInSeconds: Math.min(
        Math.max(timeout, LEAST_TIMEOUT_SECONDS),
        MOST_TIMEOUT_SECONDS,
      ),
    },
    ...(alarmNames.length === 0
      ? {}
      : {
          AutoRollbackConfiguration: { Alarms: alarmNames.map((AlarmName) => ({ AlarmName })) },
        }),
  };
}

function routingOf({ strategy, stepPercent, stepSeconds }: RolloutPolicy): TrafficRoutingConfig {
  const size = { Type: 'CAPACITY_PERCENT', Value: stepPercent } as const;
  switch (strategy) {
    case 'canary':
      return { Type: 'CANARY', WaitIntervalInSeconds: stepSeconds, CanarySize: size };
    case 'linear':
      return { Type: 'LINEAR', WaitIntervalInSeconds: stepSeconds, LinearStepSize: size };
    case 'all_at_once':
      return { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 };
  }
}
