// Which policies SageMaker can carry out. What it would refuse in the middle of a run, or silently not do, is
// refused before the run.
//
// P1. Rolling back needs an alarm: without one AWS never rolls back, whatever is configured (deployment guardrails,
//     "Auto-Rollback Configuration and Monitoring").
// P2. Waits are whole seconds, each at most an hour (WaitIntervalInSeconds, TerminationWaitInSeconds), 8 hours
//     together (MaximumExecutionTimeoutInSeconds).
// P3. A step is at most half of the instances, so steps need two of them; a linear step is at least 10 percent
//     (TrafficRoutingConfig).
// P4. Serverless endpoints know no VPC, data capture, disk key, shadow, second variant, or scaling of instances
//     ("Serverless Inference: feature exclusions", "Shadow tests: exclusions").
// P5. Inf1 instances fall back to all at once without baking ("Deployment guardrails: exclusions").
// P6. Steps lead only between configurations whose variants have the same names (same place), and a split begins with one
//     more: its share is its one step. A shadow has one production variant beside it (ShadowProductionVariants).

import type { RolloutPolicy, SageMakerPolicy } from '../../contract/index.js';
import { deployErrors } from '../../errors/index.js';
import { assertInstanceType } from './instance-type.js';
import { countAlarms } from './rollout-alarms.js';
import { stepsOf, waitingSeconds } from './rollout-config.js';
import type { SageMakerSettings } from './sagemaker-settings.js';

export interface CheckedPolicy {
  readonly rollout?: RolloutPolicy;
  readonly sagemaker?: SageMakerPolicy;
  readonly instanceType?: string;
}

// The API model's limits of WaitIntervalInSeconds, TerminationWaitInSeconds, AlarmList and
// MaximumExecutionTimeoutInSeconds.
const LONGEST_WAIT_SECONDS = 3600;
const MOST_ALARMS = 10;
const LONGEST_ROLLOUT_SECONDS = 28_800;
const LEAST_LINEAR_PERCENT = 10;

/**
 * Refuses a policy that SageMaker cannot carry out as it says.
 *
 * @throws E_AWS_CONFIG, E_INSTANCE_TYPE
 */
export function assertPolicy(policy: CheckedPolicy, settings: SageMakerSettings): void {
  const problem =
    whyServerlessImpossible(policy, settings) ??
    whySplitImpossible(policy) ??
    whyRolloutImpossible(policy, settings);
  if (problem !== undefined) throw deployErrors.policyRefused(problem.what, problem.hint);
  const { instanceType } = policy.sagemaker ?? {};
  if (instanceType !== undefined) assertInstanceType(instanceType);
}

/** How many instances a policy starts with. */
export function instancesOf(
  { sagemaker }: Pick<CheckedPolicy, 'sagemaker'>,
  settings: Pick<SageMakerSettings, 'instanceCount'>,
): number {
  return Math.max(
    sagemaker?.instanceCount ?? settings.instanceCount ?? 1,
    sagemaker?.autoscaling?.min ?? 1,
  );
}

interface Problem {
  readonly what: string;
  readonly hint: string;
}

/** P4. */
function whyServerlessImpossible(
  { sagemaker = {} }: CheckedPolicy,
  settings: SageMakerSettings,
): Problem | undefined {
  if (sagemaker.serverless === undefined && settings.serverless === undefined) return undefined;
  const { vpc, dataCapture, kmsKeyId, shadow, split } = sagemaker;
  const { autoscaling, instanceType, instanceCount } = sagemaker;
  const excluded = {
    ...{ vpc, dataCapture, kmsKeyId, shadow, split },
    ...{ autoscaling, instanceType, instanceCount },
  };
  const [name] = Object.entries(excluded).find(([, value]) => value !== undefined) ?? [];
  return name === undefined
    ? undefined
    : {
        what: `SageMaker's serverless endpoints have no ${name}`,
        hint: `Leave out sagemaker.${name} or sagemaker.serverless in the policy.`,
      };
}

/** P6. */
function whySplitImpossible({ rollout, sagemaker }: CheckedPolicy): Problem | undefined {
  if (sagemaker?.split === undefined) return undefined;
  if (sagemaker.shadow !== undefined) {
    return {
      what: 'a candidate cannot be a shadow and answer a share of the requests at once',
      hint: 'Leave out sagemaker.shadow or sagemaker.split.',
    };
  }
  if (rollout === undefined || stepsOf(rollout) === 1) return undefined;
  return {
    what: `SageMaker makes no ${rollout.strategy} rollout of a split, which changes the variants`,
    hint: 'Set rollout.strategy to all_at_once: bakeSeconds and alarms watch the candidate at its share.',
  };
}

function whyRolloutImpossible(
  policy: CheckedPolicy,
  settings: SageMakerSettings,
): Problem | undefined {
  const { rollout } = policy;
  if (rollout === undefined) return undefined;
  const { strategy, bakeSeconds, stepSeconds, stepPercent } = rollout;
  const isGuarded = strategy !== 'all_at_once' || bakeSeconds > 0;
  if (!isGuarded) return undefined;
  const alarms = countAlarms(rollout.alarms);
  if (alarms === 0) {
    return {
      what: `a ${strategy} rollout that is watched by no alarm never rolls back on SageMaker`,
      hint: 'Set rollout.alarms.errorRate or latencyP95Ms, or name CloudWatch alarms in rollout.alarms.names.',
    };
  }
  if (alarms > MOST_ALARMS) {
    return { what: `SageMaker watches at most ${MOST_ALARMS} alarms`, hint: 'Name fewer alarms.' };
  }
  const wrongWait = [bakeSeconds, ...(strategy === 'all_at_once' ? [] : [stepSeconds])].find(
    (seconds) => !Number.isInteger(seconds) || seconds > LONGEST_WAIT_SECONDS,
  );
  if (wrongWait !== undefined || waitingSeconds(rollout) > LONGEST_ROLLOUT_SECONDS) {
    return {
      what: `SageMaker cannot wait ${wrongWait ?? waitingSeconds(rollout)} s`,
      hint: 'Use whole seconds: up to 3600 for stepSeconds and bakeSeconds, 28800 for all steps together.',
    };
  }
  return stepsOf(rollout) === 1 ? undefined : whyStepsImpossible(policy, settings, stepPercent);
}

/** P3, P5. */
function whyStepsImpossible(
  policy: CheckedPolicy,
  settings: SageMakerSettings,
  stepPercent: number,
): Problem | undefined {
  const { rollout, sagemaker } = policy;
  if (rollout?.strategy === 'linear' && stepPercent < LEAST_LINEAR_PERCENT) {
    return {
      what: `a linear step of ${stepPercent} % is too small for SageMaker`,
      hint: 'Set rollout.stepPercent to 10 or more.',
    };
  }
  if (!Number.isInteger(stepPercent)) {
    return { what: `SageMaker takes no step of ${stepPercent} %`, hint: 'Use a whole percentage.' };
  }
  const isServerless = (sagemaker?.serverless ?? settings.serverless) !== undefined;
  if (isServerless) return undefined;
  if (instancesOf(policy, settings) < 2) {
    return {
      what: `a ${rollout!.strategy} rollout takes at most half of the instances in a step, and there is one`,
      hint: 'Set sagemaker.instanceCount to 2 or more, or roll out all at once.',
    };
  }
  const type = sagemaker?.instanceType ?? policy.instanceType ?? settings.instanceType ?? '';
  if (type.startsWith('ml.inf1.')) {
    return {
      what: `SageMaker rolls out all at once, without baking, on ${type}`,
      hint: 'Use another instance type, or roll out all at once.',
    };
  }
  return undefined;
}
