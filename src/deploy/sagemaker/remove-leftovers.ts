// What earlier deployments of an endpoint left: configurations, their models and alarms.
//
// X1. Nothing goes that an endpoint of the account serves or is changing to, or that a configuration which stays
//     refers to.
// X2. The configuration that served before stays, as a way back, and so do the newest others up to the number wanted.
// X3. Only what carries this endpoint's tag is looked at: it was made by Anneal, for this endpoint.

import {
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { AwsCaller } from '../../aws/index.js';
import type { AwsClients } from './aws-clients.js';
import { planPrefix } from './deployment-plan.js';
import { findTags } from './endpoint-facts.js';
import { removeAlarms } from './ensure-alarms.js';
import { alarmNamesOf } from './rollout-alarms.js';
import { OWNER_TAG } from './tags.js';

export interface Leftovers {
  readonly endpointName: string;
  /** Configuration that served before the present one. */
  readonly earlierConfigName?: string;
  /** How many configurations stay beside the one that serves. */
  readonly keep: number;
  /** Whether the endpoint is still there. */
  readonly isServing: boolean;
}

interface OwnConfig {
  readonly name: string;
  readonly createdMs: number;
  readonly models: readonly string[];
}

/** Removes what nothing refers to any more (X1 to X3). */
export async function removeLeftovers(
  clients: AwsClients,
  caller: AwsCaller,
  leftovers: Leftovers,
): Promise<void> {
  const { sagemaker } = clients;
  const own = await ownConfigs(sagemaker, caller, leftovers.endpointName);
  // Who refers to what is asked only when there is something to remove: it takes a call for each endpoint.
  if (own.length <= leftovers.keep + (leftovers.isServing ? 1 : 0)) return;
  const used = await usedConfigs(sagemaker, caller);
  const going = configsToRemove(own, used, leftovers);
  const kept = own.filter((config) => !going.includes(config));
  const neededModels = new Set([
    ...kept.flatMap(({ models }) => models),
    ...(await modelsOf(
      sagemaker,
      caller,
      [...used].filter((name) => !isAmong(own, name)),
    )),
  ]);
  caller.waiting.progress('removing what nothing refers to');
  for (const config of going) await removeConfig(clients, caller, config, neededModels);
}

/** Chooses what goes (X1, X2). */
export function configsToRemove(
  own: readonly OwnConfig[],
  used: ReadonlySet<string>,
  { earlierConfigName, keep }: Pick<Leftovers, 'earlierConfigName' | 'keep'>,
): OwnConfig[] {
  const idle = own.filter(({ name }) => !used.has(name));
  const rank = ({ name }: OwnConfig): number => (name === earlierConfigName ? 0 : 1);
  return idle
    .sort((left, right) => rank(left) - rank(right) || right.createdMs - left.createdMs)
    .slice(keep);
}

/** Removes a configuration, its alarms, and those of its models that nothing else needs. */
async function removeConfig(
  { sagemaker, cloudwatch }: AwsClients,
  caller: AwsCaller,
  { name, models }: Pick<OwnConfig, 'name' | 'models'>,
  neededModels: ReadonlySet<string>,
): Promise<void> {
  await removeAlarms(cloudwatch, caller, alarmNamesOf(name));
  // Models first: once the configuration is gone nothing tells any more which models it had.
  for (const ModelName of models.filter((model) => !neededModels.has(model))) {
    await caller.repeat(() => sagemaker.send(new DeleteModelCommand({ ModelName })));
  }
  await caller.repeat(() =>
    sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
  );
}

/** Names of the models of a configuration; undefined when there is no such configuration. */
async function findModels(
  client: SageMakerClient,
  caller: AwsCaller,
  EndpointConfigName: string,
): Promise<string[] | undefined> {
  const config = await caller.repeat(() =>
    client.send(new DescribeEndpointConfigCommand({ EndpointConfigName })),
  );
  if (config === undefined) return undefined;
  const { ProductionVariants = [], ShadowProductionVariants = [] } = config;
  return [...ProductionVariants, ...ShadowProductionVariants].flatMap(
    ({ ModelName }) => ModelName ?? [],
  );
}

/** X3. */
async function ownConfigs(
  client: SageMakerClient,
  caller: AwsCaller,
  endpointName: string,
): Promise<OwnConfig[]> {
  const own: OwnConfig[] = [];
  let NextToken: string | undefined;
  do {
    const page = await caller.repeat(() =>
      client.send(
        new ListEndpointConfigsCommand({ NameContains: planPrefix(endpointName), NextToken }),
      ),
    );
    for (const { EndpointConfigName, EndpointConfigArn, CreationTime } of page?.EndpointConfigs ??
      []) {
      const tags = await findTags(client, caller, EndpointConfigArn!);
      if (tags?.get(OWNER_TAG) !== endpointName) continue;
      const models = (await findModels(client, caller, EndpointConfigName!)) ?? [];
      own.push({ name: EndpointConfigName!, createdMs: CreationTime?.getTime() ?? 0, models });
    }
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return own;
}

/** Configurations that any endpoint of the account serves or is changing to. */
async function usedConfigs(client: SageMakerClient, caller: AwsCaller): Promise<Set<string>> {
  const used = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await caller.repeat(() => client.send(new ListEndpointsCommand({ NextToken })));
    for (const { EndpointName } of page?.Endpoints ?? []) {
      const endpoint = await caller.repeat(() =>
        client.send(new DescribeEndpointCommand({ EndpointName })),
      );
      const pending = endpoint?.PendingDeploymentSummary?.EndpointConfigName;
      for (const name of [endpoint?.EndpointConfigName, pending]) {
        if (name !== undefined) used.add(name);
      }
    }
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return used;
}

async function modelsOf(
  client: SageMakerClient,
  caller: AwsCaller,
  configNames: readonly string[],
): Promise<string[]> {
  const models: string[] = [];
  for (const name of configNames) models.push(...((await findModels(client, caller, name)) ?? []));
  return models;
}

function isAmong(configs: readonly OwnConfig[], name: string): boolean {
  return configs.some((config) => config.name === name);
}
