import type { Stage } from './deployment-config.js';
import type { EndpointConfig, Variant } from './endpoint-config.js';
import type { Endpoint } from './endpoint-machine.js';
import type { Fleet } from './fleet.js';
import { seconds } from './resources.js';

/** What DescribeEndpoint answers. */
export function describeEndpoint(
  endpoint: Endpoint,
  configOf: (name: string) => EndpointConfig,
): Readonly<Record<string, unknown>> {
  const { fleet, update } = endpoint;
  const config = configOf(fleet.configName);
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: fleet.configName,
    EndpointStatus: endpoint.status,
    FailureReason: endpoint.status === 'RollingBack' ? undefined : endpoint.failureReason,
    CreationTime: seconds(endpoint.createdMs),
    LastModifiedTime: seconds(endpoint.modifiedMs),
    ProductionVariants: config.variants.map((variant) => ({
      ...summaryOf(variant),
      ...weightsOf(fleet, variant),
    })),
    ...(config.shadows.length === 0
      ? {}
      : { ShadowProductionVariants: config.shadows.map(summaryOf) }),
    ...(endpoint.lastDeployment === undefined
      ? {}
      : { LastDeploymentConfig: endpoint.lastDeployment }),
    ...(update === undefined
      ? {}
      : {
          PendingDeploymentSummary: {
            EndpointConfigName: update.fleet.configName,
            StartTime: seconds(update.startedMs),
            ProductionVariants: configOf(update.fleet.configName).variants.map((variant) => ({
              ...summaryOf(variant),
              VariantStatus: [{ Status: stageStatus(update.stages[0]?.name) }],
            })),
          },
        }),
  };
}

function summaryOf(variant: Variant): Readonly<Record<string, unknown>> {
  const { VariantName, InitialVariantWeight = 1, InitialInstanceCount, ServerlessConfig } = variant;
  return {
    VariantName,
    CurrentWeight: InitialVariantWeight,
    DesiredWeight: InitialVariantWeight,
    ...(InitialInstanceCount === undefined
      ? {}
      : {
          CurrentInstanceCount: InitialInstanceCount,
          DesiredInstanceCount: InitialInstanceCount,
        }),
    ...(ServerlessConfig === undefined ? {} : { CurrentServerlessConfig: ServerlessConfig }),
  };
}

/** Weights may have been changed since the configuration was made. */
function weightsOf(fleet: Fleet, { VariantName }: Variant): Readonly<Record<string, unknown>> {
  const weights = fleet.weightsOf(VariantName);
  return { CurrentWeight: weights?.current, DesiredWeight: weights?.desired };
}

function stageStatus(stage: Stage['name'] | undefined): string {
  if (stage === 'shifting' || stage === 'baking') return 'Baking';
  return stage === 'provisioning' ? 'Creating' : 'Deleting';
}
