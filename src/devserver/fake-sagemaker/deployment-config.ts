// A DeploymentConfig as the stages that an update goes through.
//
// "Deployment guardrails": the size of a canary is at most half of the fleet, that of a linear step 10 to 50 percent,
// and old and new configuration have variants of the same names.

import { validationError } from './api-error.js';
import type { EndpointConfig } from './endpoint-config.js';

export interface DeploymentConfig {
  readonly BlueGreenUpdatePolicy?: {
    readonly TrafficRoutingConfiguration: {
      readonly Type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR';
      readonly WaitIntervalInSeconds: number;
      readonly CanarySize?: CapacitySize;
      readonly LinearStepSize?: CapacitySize;
    };
    readonly TerminationWaitInSeconds?: number;
    readonly MaximumExecutionTimeoutInSeconds?: number;
  };
  readonly RollingUpdatePolicy?: unknown;
  readonly AutoRollbackConfiguration?: { readonly Alarms?: readonly { AlarmName: string }[] };
}

interface CapacitySize {
  readonly Type: 'INSTANCE_COUNT' | 'CAPACITY_PERCENT';
  readonly Value: number;
}

export interface Stage {
  readonly name: 'provisioning' | 'shifting' | 'baking' | 'ending';
  /** Share of the traffic that the new fleet gets, percent. */
  readonly share: number;
  readonly lastsMs: number;
  /** Whether alarms end the update now. */
  readonly isWatched: boolean;
}

/** How long fleets take to come and go. */
export const FLEET_MS = { provisioning: 180_000, ending: 60_000, rollingBack: 60_000 };

/** Names of the alarms that end an update. */
export function alarmNamesIn(config: DeploymentConfig | undefined): string[] {
  return (config?.AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName);
}

/** Stages of an update, in order. @throws ApiError for what the documentation refuses */
export function stagesOf(
  config: DeploymentConfig | undefined,
  from: EndpointConfig,
  to: EndpointConfig,
): Stage[] {
  const policy = config?.BlueGreenUpdatePolicy;
  if (config?.RollingUpdatePolicy !== undefined) {
    throw validationError('This fake carries out blue/green updates only.');
  }
  if (policy !== undefined) assertSameVariants(from, to);
  const bakingMs = (policy?.TerminationWaitInSeconds ?? 0) * 1000;
  const shifting = sharesOf(policy?.TrafficRoutingConfiguration, to).map(
    ({ share, waitMs }): Stage => ({ name: 'shifting', share, lastsMs: waitMs, isWatched: true }),
  );
  assertTimeout(policy, [...shifting.map(({ lastsMs }) => lastsMs), bakingMs]);
  return [
    { name: 'provisioning', share: 0, lastsMs: FLEET_MS.provisioning, isWatched: false },
    ...shifting,
    { name: 'baking', share: 100, lastsMs: bakingMs, isWatched: true },
    { name: 'ending', share: 100, lastsMs: FLEET_MS.ending, isWatched: false },
  ];
}

type Routing = NonNullable<
  DeploymentConfig['BlueGreenUpdatePolicy']
>['TrafficRoutingConfiguration'];

/** Shares below 100 percent, each with the wait that follows it. */
function sharesOf(
  routing: Routing | undefined,
  to: EndpointConfig,
): { readonly share: number; readonly waitMs: number }[] {
  if (routing === undefined || routing.Type === 'ALL_AT_ONCE') return [];
  const waitMs = routing.WaitIntervalInSeconds * 1000;
  if (routing.Type === 'CANARY') {
    const share = percentOf(routing.CanarySize, to, 'CanarySize');
    if (share > 50) throw validationError('CanarySize must be at most 50% of the fleet.');
    return [{ share, waitMs }];
  }
  const step = percentOf(routing.LinearStepSize, to, 'LinearStepSize');
  if (step < 10 || step > 50) {
    throw validationError('LinearStepSize must be 10-50% of the fleet.');
  }
  const steps = Math.ceil(100 / step) - 1;
  return Array.from({ length: steps }, (_, index) => ({ share: step * (index + 1), waitMs }));
}

function percentOf(size: CapacitySize | undefined, to: EndpointConfig, name: string): number {
  if (size === undefined) throw validationError(`${name} is required for this traffic routing.`);
  const instances = to.variants.map(({ InitialInstanceCount }) => InitialInstanceCount);
  const fewest = Math.min(...instances.map((count) => count ?? Infinity));
  if (fewest < 2) throw validationError(`${name}: the fleet of one instance has no half.`);
  return size.Type === 'CAPACITY_PERCENT' ? size.Value : (size.Value / fewest) * 100;
}

function assertSameVariants(from: EndpointConfig, to: EndpointConfig): void {
  const names = (config: EndpointConfig): string =>
    config.variants
      .map(({ VariantName }) => VariantName)
      .sort()
      .join();
  if (names(from) === names(to)) return;
  throw validationError('The new endpoint configuration must have the same variant names.');
}

function assertTimeout(
  policy: DeploymentConfig['BlueGreenUpdatePolicy'],
  waits: readonly number[],
): void {
  const timeout = policy?.MaximumExecutionTimeoutInSeconds;
  const waitingMs = waits.reduce((sum, each) => sum + each, 0);
  if (timeout !== undefined && timeout * 1000 <= waitingMs) {
    throw validationError('MaximumExecutionTimeoutInSeconds must be larger than the waits.');
  }
}
