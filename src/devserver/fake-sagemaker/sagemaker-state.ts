// SageMaker's operations for endpoints and what they are made of, on state held in memory. Every refusal is one of
// AWS's own kind; the forms of requests are checked before (aws-api.ts).

import { validationError } from './api-error.js';
import { alarmNamesIn, stagesOf, type DeploymentConfig } from './deployment-config.js';
import { readVariants, type EndpointConfig } from './endpoint-config.js';
import {
  assertUpdatable,
  beginDelete,
  beginReweighing,
  beginUpdate,
  settleEndpoint,
  STATE_MS,
  type Endpoint,
  type Surroundings,
} from './endpoint-machine.js';
import { Fleet } from './fleet.js';
import type { HostedModel, ModelHost } from './model-host.js';
import type { Input, Operations } from './operations.js';
import { describeEndpoint } from './describe-endpoint.js';
import { readWeights, retainsWeights } from './variant-weights.js';
import { Resources, seconds, tagMap, type Resource, type TagInput } from './resources.js';

interface Model extends Resource {
  readonly input: Input;
}

export interface SageMakerWorld {
  readonly now: () => number;
  readonly host: ModelHost;
  readonly surroundings: Surroundings;
  readonly hasAlarm: (name: string) => boolean;
  /** Whether `endpoint/<name>/variant/<name>` is a scalable target. */
  readonly isScaled: (resourceId: string) => boolean;
}

const PAGE_SIZE = 10;
const MOST_TAGS = 50;

export class SageMakerState {
  readonly #models = new Resources<Model>('model', 'model');
  readonly #configs = new Resources<EndpointConfig>('endpoint-config', 'endpoint configuration');
  readonly #endpoints = new Resources<Endpoint>('endpoint', 'endpoint');
  readonly #world: SageMakerWorld;

  constructor(world: SageMakerWorld) {
    this.#world = world;
  }

  readonly operations: Operations = {
    CreateModel: (input) => this.#createModel(input),
    DescribeModel: ({ ModelName }) => {
      const model = this.#models.get(ModelName as string);
      return { ...model.input, ModelArn: model.arn, CreationTime: seconds(model.createdMs) };
    },
    DeleteModel: ({ ModelName }) => this.#models.remove(ModelName as string),
    CreateEndpointConfig: (input) => this.#createConfig(input),
    DescribeEndpointConfig: ({ EndpointConfigName }) => {
      const { input, arn, createdMs } = this.#configs.get(EndpointConfigName as string);
      return { ...input, EndpointConfigArn: arn, CreationTime: seconds(createdMs) };
    },
    DeleteEndpointConfig: ({ EndpointConfigName }) =>
      this.#deleteConfig(EndpointConfigName as string),
    ListEndpointConfigs: (input) => this.#listConfigs(input),
    CreateEndpoint: (input) => this.#createEndpoint(input),
    UpdateEndpoint: (input) => this.#updateEndpoint(input),
    UpdateEndpointWeightsAndCapacities: (input) => this.#changeWeights(input),
    DescribeEndpoint: ({ EndpointName }) =>
      describeEndpoint(this.#endpoints.get(EndpointName as string), (name) =>
        this.#configs.get(name),
      ),
    DeleteEndpoint: ({ EndpointName }) =>
      beginDelete(this.#endpoints.get(EndpointName as string), this.#world.now()),
    ListEndpoints: (input) => this.#listEndpoints(input),
    AddTags: (input) => this.#addTags(input),
    ListTags: ({ ResourceArn }) => ({
      Tags: [...this.#byArn(ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  };

  /** Brings every endpoint to the present. */
  async settle(): Promise<void> {
    for (const endpoint of this.#endpoints.all()) {
      const isThere = await settleEndpoint(endpoint, this.#world.now(), this.#world.surroundings);
      if (!isThere) this.#endpoints.remove(endpoint.name);
    }
  }

  /** The endpoint that answers requests. @throws ApiError when there is none, or none yet */
  serving(name: string): Endpoint {
    const endpoint = this.#endpoints.all().find((each) => each.name === name);
    if (endpoint === undefined || ['Creating', 'Failed', 'Deleting'].includes(endpoint.status)) {
      throw validationError(`Endpoint ${name} of account 123456789012 not found.`);
    }
    return endpoint;
  }

  /** Whether `endpoint/<name>/variant/<name>` is in service. */
  hasVariant(resourceId: string): boolean {
    const [, name, , variant] = resourceId.split('/');
    const endpoint = this.#endpoints.all().find((each) => each.name === name);
    if (endpoint === undefined) return false;
    const { variants } = this.#configs.get(endpoint.fleet.configName);
    return variants.some(({ VariantName }) => VariantName === variant);
  }

  async close(): Promise<void> {
    const endpoints = this.#endpoints.all();
    const fleets = endpoints.flatMap(({ fleet, update }) => [
      fleet,
      ...(update ? [update.fleet] : []),
    ]);
    await Promise.all(fleets.map((fleet) => fleet.stop()));
  }

  #createModel(input: Input): unknown {
    const name = input['ModelName'] as string;
    assertContainer(input);
    this.#models.assertAbsent(name);
    const arn = this.#models.arnOf(name);
    this.#models.add({ name, arn, ...this.#born(input) });
    return { ModelArn: arn };
  }

  #createConfig(input: Input): unknown {
    const name = input['EndpointConfigName'] as string;
    const read = readVariants(input);
    for (const { ModelName } of [...read.variants, ...read.shadows]) this.#models.get(ModelName);
    this.#configs.assertAbsent(name);
    const arn = this.#configs.arnOf(name);
    this.#configs.add({ name, arn, ...this.#born(input), ...read });
    return { EndpointConfigArn: arn };
  }

  #deleteConfig(name: string): void {
    const isUsed = this.#endpoints
      .all()
      .some(({ fleet, update }) => [fleet.configName, update?.fleet.configName].includes(name));
    if (isUsed) {
      throw validationError(
        `Cannot delete endpoint configuration "${this.#configs.arnOf(name)}" while it is in use.`,
      );
    }
    this.#configs.remove(name);
  }

  #createEndpoint(input: Input): unknown {
    const name = input['EndpointName'] as string;
    this.#endpoints.assertAbsent(name);
    const config = this.#configs.get(input['EndpointConfigName'] as string);
    const arn = this.#endpoints.arnOf(name);
    const { createdMs, tags } = this.#born(input);
    this.#endpoints.add({
      ...{ name, arn, tags, createdMs, status: 'Creating', fleet: this.#start(config) },
      modifiedMs: createdMs,
      endsMs: createdMs + STATE_MS.Creating,
    });
    return { EndpointArn: arn };
  }

  #updateEndpoint(input: Input): unknown {
    const endpoint = this.#endpoints.get(input['EndpointName'] as string);
    const config = this.#configs.get(input['EndpointConfigName'] as string);
    const deployment = input['DeploymentConfig'] as DeploymentConfig | undefined;
    assertUpdatable(endpoint);
    const from = this.#configs.get(endpoint.fleet.configName);
    assertSameHosting(from, config);
    this.#assertNotScaled(endpoint, from, config);
    const stages = stagesOf(deployment, from, config);
    const alarmNames = alarmNamesIn(deployment);
    const missing = alarmNames.find((name) => !this.#world.hasAlarm(name));
    if (missing !== undefined) throw validationError(`Could not find alarm "${missing}".`);
    endpoint.lastDeployment = deployment;
    const fleet = this.#start(config);
    if (retainsWeights(input)) fleet.retainWeights(endpoint.fleet);
    beginUpdate(endpoint, { fleet, alarmNames, stages }, this.#world.now());
    return { EndpointArn: endpoint.arn };
  }

  /** "Remove a production variant that has auto scaling configured": to be deregistered first. */
  #assertNotScaled({ name }: Endpoint, from: EndpointConfig, to: EndpointConfig): void {
    const kept = to.variants.map(({ VariantName }) => VariantName);
    const scaled = from.variants
      .filter(({ VariantName }) => !kept.includes(VariantName))
      .map(({ VariantName }) => `endpoint/${name}/variant/${VariantName}`)
      .find((resourceId) => this.#world.isScaled(resourceId));
    if (scaled !== undefined) {
      throw validationError(`The variant ${scaled} is a scalable target: deregister it first.`);
    }
  }

  #changeWeights(input: Input): unknown {
    const endpoint = this.#endpoints.get(input['EndpointName'] as string);
    assertUpdatable(endpoint);
    const weights = readWeights(input, endpoint.fleet);
    beginReweighing(endpoint, weights, this.#world.now());
    return { EndpointArn: endpoint.arn };
  }

  #start(config: EndpointConfig): Fleet {
    const start = (modelName: string): HostedModel => {
      const { PrimaryContainer } = this.#models.get(modelName).input;
      const { ModelDataUrl = '', Environment = {} } = PrimaryContainer as Container;
      return this.#world.host.start({
        name: modelName,
        dataUrl: ModelDataUrl,
        environment: Environment,
      });
    };
    return new Fleet(config, start, this.#world.now);
  }

  #born(input: Input): { input: Input; createdMs: number; tags: Map<string, string> } {
    const { Tags, ...kept } = input;
    return { input: kept, createdMs: this.#world.now(), tags: tagMap(readTags(Tags)) };
  }

  #listConfigs({ NameContains = '', NextToken }: Input): unknown {
    const found = this.#configs
      .all()
      .filter(({ name }) => name.includes(NameContains as string))
      .sort((left, right) => right.createdMs - left.createdMs);
    const { page, rest } = paged(found, NextToken);
    return {
      EndpointConfigs: page.map(({ name, arn, createdMs }) => ({
        EndpointConfigName: name,
        EndpointConfigArn: arn,
        CreationTime: seconds(createdMs),
      })),
      ...rest,
    };
  }

  #listEndpoints({ NextToken }: Input): unknown {
    const sorted = this.#endpoints.all().sort((left, right) => (left.name < right.name ? -1 : 1));
    const { page, rest } = paged(sorted, NextToken);
    return {
      Endpoints: page.map(({ name, arn, status, createdMs, modifiedMs }) => ({
        EndpointName: name,
        EndpointArn: arn,
        EndpointStatus: status,
        CreationTime: seconds(createdMs),
        LastModifiedTime: seconds(modifiedMs),
      })),
      ...rest,
    };
  }

  #addTags(input: Input): unknown {
    const { tags } = this.#byArn(input['ResourceArn']);
    const added = tagMap(readTags(input['Tags']));
    if (new Set([...tags.keys(), ...added.keys()]).size > MOST_TAGS) {
      throw validationError(`A resource has at most ${MOST_TAGS} tags.`);
    }
    for (const [key, value] of added) tags.set(key, value);
    return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  }

  #byArn(arn: unknown): Resource {
    const all = [...this.#models.all(), ...this.#configs.all(), ...this.#endpoints.all()];
    const found = all.find((resource) => resource.arn === arn);
    if (found !== undefined) return found;
    throw validationError(`Could not find resource "${String(arn)}".`);
  }
}

interface Container {
  readonly Image?: string;
  readonly ModelDataUrl?: string;
  readonly Environment?: Readonly<Record<string, string>>;
}

function assertContainer({ PrimaryContainer, ExecutionRoleArn }: Input): void {
  if (ExecutionRoleArn === undefined) throw validationError('ExecutionRoleArn is required.');
  const { Image, ModelDataUrl } = (PrimaryContainer ?? {}) as Container;
  if (Image === undefined) throw validationError('PrimaryContainer with an Image is required.');
  if (ModelDataUrl !== undefined && !/^(https|s3):\/\/[^/]+\/.+\.tar\.gz$/.test(ModelDataUrl)) {
    throw validationError(`Could not find model data at ${ModelDataUrl}.`);
  }
}

/** "You cannot convert your instance-based, real-time endpoint to a serverless endpoint." */
function assertSameHosting(from: EndpointConfig, to: EndpointConfig): void {
  const isServerless = ({ variants }: EndpointConfig): boolean =>
    variants.some(({ ServerlessConfig }) => ServerlessConfig !== undefined);
  if (!isServerless(from) && isServerless(to)) {
    throw validationError('An instance-based endpoint cannot become a serverless one.');
  }
}

function readTags(value: unknown): TagInput[] {
  const tags = (value ?? []) as TagInput[];
  if (tags.some(({ Key }) => Key.startsWith('aws:'))) {
    throw validationError('Tag keys that begin with aws: are reserved.');
  }
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw validationError('Tag keys must be unique.');
  }
  return tags;
}

function paged<Kept>(
  all: readonly Kept[],
  token: unknown,
): { readonly page: readonly Kept[]; readonly rest: { readonly NextToken?: string } } {
  const start = Number(token ?? 0);
  const isLast = start + PAGE_SIZE >= all.length;
  return {
    page: all.slice(start, start + PAGE_SIZE),
    rest: isLast ? {} : { NextToken: String(start + PAGE_SIZE) },
  };
}
