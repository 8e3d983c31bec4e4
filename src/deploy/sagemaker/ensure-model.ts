// The two things an endpoint is made of: the model and the endpoint configuration. Both are never
// changed once made, and their names follow from their content, so what is found is compared and
// adopted.

import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  type DescribeEndpointConfigCommandOutput,
  type DescribeModelCommandOutput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { deployErrors } from '../../errors/index.js';
import type { AwsCaller } from '../../aws/index.js';
import type { DeploymentPlan } from './deployment-plan.js';

/** Makes the model, or adopts the one that is there; throws E_DEPLOY when that one differs. */
export async function ensureModel(
  client: SageMakerClient,
  caller: AwsCaller,
  { name, model }: DeploymentPlan,
): Promise<void> {
  const found = await caller.settle(
    () => caller.repeat(() => client.send(new DescribeModelCommand({ ModelName: name }))),
    () => client.send(new CreateModelCommand(model)),
  );
  const difference = differenceOf(modelFacts(found), modelFacts(model));
  if (difference !== undefined) throw taken('model', name, difference);
}

/** Makes the endpoint configuration, or adopts the one that is there; E_DEPLOY when it differs. */
export async function ensureEndpointConfig(
  client: SageMakerClient,
  caller: AwsCaller,
  { name, endpointConfig }: DeploymentPlan,
): Promise<void> {
  const found = await caller.settle(
    () =>
      caller.repeat(() =>
        client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name })),
      ),
    () => client.send(new CreateEndpointConfigCommand(endpointConfig)),
  );
  const difference = differenceOf(configFacts(found), configFacts(endpointConfig));
  if (difference !== undefined) throw taken('endpoint configuration', name, difference);
}

type Facts = Readonly<Record<string, string | undefined>>;

function modelFacts(
  model: Pick<DescribeModelCommandOutput, 'PrimaryContainer' | 'ExecutionRoleArn'>,
): Facts {
  const { Image, ModelDataUrl, Environment } = model.PrimaryContainer ?? {};
  const variables = Object.entries(Environment ?? {}).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return {
    image: Image,
    archive: ModelDataUrl,
    environment: JSON.stringify(variables),
    role: model.ExecutionRoleArn,
  };
}

function configFacts({
  ProductionVariants: variants,
  ShadowProductionVariants: shadows,
  DataCaptureConfig: capture,
  KmsKeyId,
}: Pick<
  DescribeEndpointConfigCommandOutput,
  'ProductionVariants' | 'ShadowProductionVariants' | 'DataCaptureConfig' | 'KmsKeyId'
>): Facts {
  const [variant, second] = variants ?? [];
  return {
    variants: String(variants?.length),
    model: variant?.ModelName,
    'second model': second?.ModelName,
    split: variants?.map(({ InitialVariantWeight = 1 }) => InitialVariantWeight).join(' to '),
    instances: `${variant?.InitialInstanceCount} x ${variant?.InstanceType}`,
    memory: String(variant?.ServerlessConfig?.MemorySizeInMB),
    concurrency: String(variant?.ServerlessConfig?.MaxConcurrency),
    shadow: shadows?.[0]?.ModelName,
    'data capture': `${capture?.InitialSamplingPercentage} to ${capture?.DestinationS3Uri}`,
    key: KmsKeyId,
  };
}

function differenceOf(found: Facts, wanted: Facts): string | undefined {
  return Object.keys(wanted).find((name) => found[name] !== wanted[name]);
}

function taken(kind: string, name: string, difference: string): Error {
  return deployErrors.deploymentFailed(
    name,
    `a ${kind} of that name exists with another ${difference}`,
    { hint: `Delete the ${kind} ${name} in the AWS console, if nothing uses it.` },
  );
}
