// The operations, on state held in memory. Every refusal is one of AWS's own kind.

import { validationError } from './api-error.js';
import {
  beginDelete,
  beginUpdate,
  settleEndpoint,
  STATE_MS,
  type Endpoint,
  type HealthCheck,
} from './endpoint-machine.js';
import { Resources, seconds, tagMap, type Resource } from './resources.js';
import { assertContainer, assertName, assertRoleArn, assertTags, assertVariant } from './rules.js';

type Input = Readonly<Record<string, unknown>>;
interface Model extends Resource {
  readonly input: Input;
}
interface EndpointConfig extends Resource {
  readonly input: Input;
  readonly variants: readonly Record<string, unknown>[];
}

const PAGE_SIZE = 10;

export class SageMakerState {
  readonly #models = new Resources<Model>('model', 'model');
  readonly #configs = new Resources<EndpointConfig>('endpoint-config', 'endpoint configuration');
  readonly #endpoints = new Resources<Endpoint>('endpoint', 'endpoint');
  readonly #now: () => number;
  readonly #check: HealthCheck;

  constructor(now: () => number, check: HealthCheck) {
    this.#now = now;
    this.#check = check;
  }

  /** Operations by the name in X-Amz-Target; undefined for one that does not exist here. */
  operation(name: string): ((input: Input) => unknown) | undefined {
    this.#settle();
    return this.#operations[name];
  }

  readonly #operations: Readonly<Record<string, (input: Input) => unknown>> = {
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
    CreateEndpoint: (input) => this.#createEndpoint(input),
    UpdateEndpoint: (input) => this.#updateEndpoint(input),
    DescribeEndpoint: ({ EndpointName }) => this.#describe(EndpointName as string),
    DeleteEndpoint: ({ EndpointName }) =>
      beginDelete(this.#endpoints.get(EndpointName as string), this.#now()),
    ListEndpoints: (input) => this.#listEndpoints(input),
    AddTags: (input) => this.#addTags(input),
    ListTags: ({ ResourceArn }) => ({
      Tags: [...this.#byArn(ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  };

  #settle(): void {
    for (const endpoint of this.#endpoints.all()) {
      if (!settleEndpoint(endpoint, this.#now(), this.#check))
        this.#endpoints.remove(endpoint.name);
    }
  }

  #createModel(input: Input) {
    const name = assertName(input['ModelName'], 'modelName');
    assertRoleArn(input['ExecutionRoleArn']);
    assertContainer(input['PrimaryContainer']);
    const { Tags, ...kept } = input;
    const tags = tagMap(assertTags(Tags));
    this.#models.assertAbsent(name);
    const arn = this.#models.arnOf(name);
    this.#models.add({ name, arn, createdMs: this.#now(), tags, input: kept });
    return { ModelArn: arn };
  }

  #createConfig(input: Input) {
    const name = assertName(input['EndpointConfigName'], 'endpointConfigName');
    const variants = (input['ProductionVariants'] ?? []) as Record<string, unknown>[];
    if (variants.length < 1) throw validationError('At least one production variant is required.');
    for (const variant of variants) {
      assertVariant(variant);
      this.#models.get(assertName(variant['ModelName'], 'productionVariants.1.member.modelName'));
    }
    const { Tags, ...kept } = input;
    const tags = tagMap(assertTags(Tags));
    this.#configs.assertAbsent(name);
    const arn = this.#configs.arnOf(name);
    this.#configs.add({ name, arn, createdMs: this.#now(), tags, input: kept, variants });
    return { EndpointConfigArn: arn };
  }

  #deleteConfig(name: string): void {
    const isUsed = this.#endpoints
      .all()
      .some(({ configName, pendingConfigName }) => [configName, pendingConfigName].includes(name));
    if (isUsed) {
      throw validationError(
        `Cannot delete endpoint configuration "${this.#configs.arnOf(name)}" while it is in use.`,
      );
    }
    this.#configs.remove(name);
  }

  #createEndpoint(input: Input) {
    const name = assertName(input['EndpointName'], 'endpointName');
    const configName = assertName(input['EndpointConfigName'], 'endpointConfigName');
    const tags = tagMap(assertTags(input['Tags']));
    this.#endpoints.assertAbsent(name);
    this.#configs.get(configName);
    const arn = this.#endpoints.arnOf(name);
    const createdMs = this.#now();
    const times = { createdMs, modifiedMs: createdMs, endsMs: createdMs + STATE_MS.Creating };
    this.#endpoints.add({ name, arn, configName, status: 'Creating', tags, ...times });
    return { EndpointArn: arn };
  }

  #updateEndpoint(input: Input) {
    const endpoint = this.#endpoints.get(assertName(input['EndpointName'], 'endpointName'));
    const config = this.#configs.get(assertName(input['EndpointConfigName'], 'endpointConfigName'));
    beginUpdate(endpoint, config.name, this.#now());
    return { EndpointArn: endpoint.arn };
  }

  #describe(name: string) {
    const endpoint = this.#endpoints.get(name);
    const { pendingConfigName } = endpoint;
    return {
      EndpointName: endpoint.name,
      EndpointArn: endpoint.arn,
      EndpointConfigName: endpoint.configName,
      EndpointStatus: endpoint.status,
      FailureReason: endpoint.failureReason,
      CreationTime: seconds(endpoint.createdMs),
      LastModifiedTime: seconds(endpoint.modifiedMs),
      ...(pendingConfigName === undefined
        ? {}
        : { PendingDeploymentSummary: { EndpointConfigName: pendingConfigName } }),
    };
  }

  #listEndpoints(input: Input) {
    const sorted = this.#endpoints.all().sort((left, right) => (left.name < right.name ? -1 : 1));
    const start = Number(input['NextToken'] ?? 0);
    const page = sorted.slice(start, start + PAGE_SIZE);
    const isLast = start + PAGE_SIZE >= sorted.length;
    return {
      Endpoints: page.map((endpoint) => this.#describe(endpoint.name)),
      ...(isLast ? {} : { NextToken: String(start + PAGE_SIZE) }),
    };
  }

  #addTags(input: Input) {
    const { tags } = this.#byArn(input['ResourceArn']);
    for (const { Key, Value } of assertTags(input['Tags'])) tags.set(Key, Value);
    if (tags.size > 50) throw validationError('A resource has at most 50 tags.');
    return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  }

  #byArn(arn: unknown): Resource {
    const all = [...this.#models.all(), ...this.#configs.all(), ...this.#endpoints.all()];
    const found = all.find((resource) => resource.arn === arn);
    if (found !== undefined) return found;
    throw validationError(`Could not find resource "${String(arn)}".`);
  }
}
