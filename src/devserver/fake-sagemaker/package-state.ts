// Model package groups and their versioned packages, as SageMaker Model Registry keeps them.
//
// R1. A create with a token that was seen answers with what was made then.
// R2. A package is told by its ARN only; its number is the group's next.

import { validationError } from './api-error.js';
import { type Input, type Operations } from './operations.js';
import { Resources, seconds, type Resource } from './resources.js';

interface Group extends Resource {
  readonly description: string | undefined;
}

interface Package {
  readonly arn: string;
  readonly group: string;
  readonly version: number;
  readonly token: string | undefined;
  readonly createdMs: number;
  input: Input;
}

const PAGE_SIZE = 3; // few, so that callers meet pages

export class PackageState {
  readonly #groups = new Resources<Group>('model-package-group', 'model package group');
  readonly #packages: Package[] = [];

  constructor(private readonly now: () => number) {}

  readonly operations: Operations = {
    CreateModelPackageGroup: (input) => this.#createGroup(input),
    ListModelPackageGroups: (input) => this.#listGroups(input),
    CreateModelPackage: (input) => this.#create(input),
    DescribeModelPackage: ({ ModelPackageName }) => this.#describe(this.#find(ModelPackageName)),
    ListModelPackages: (input) => this.#list(input),
    UpdateModelPackage: (input) => this.#update(input),
  };

  #createGroup(input: Input) {
    const name = String(input['ModelPackageGroupName']);
    this.#groups.assertAbsent(name);
    const arn = this.#groups.arnOf(name);
    const description = input['ModelPackageGroupDescription'] as string | undefined;
    this.#groups.add({ name, arn, createdMs: this.now(), tags: new Map(), description });
    return { ModelPackageGroupArn: arn };
  }

  #listGroups(input: Input) {
    const part = (input['NameContains'] as string | undefined) ?? '';
    const all = this.#groups.all().filter(({ name }) => name.includes(part));
    const { page, NextToken } = pageOf(all, input);
    return {
      ModelPackageGroupSummaryList: page.map(({ name, arn, createdMs, description }) => ({
        ModelPackageGroupName: name,
        ModelPackageGroupArn: arn,
        ModelPackageGroupDescription: description,
        CreationTime: seconds(createdMs),
        ModelPackageGroupStatus: 'Completed',
      })),
      NextToken,
    };
  }

  #create(input: Input) {
    if (input['ModelPackageName'] !== undefined) {
      throw validationError('A versioned package has a group, and no name of its own.');
    }
    const { name: group } = this.#groups.get(String(input['ModelPackageGroupName']));
    const token = input['ClientToken'] as string | undefined;
    const earlier = this.#packages.find((each) => token !== undefined && each.token === token);
    if (earlier !== undefined) return { ModelPackageArn: earlier.arn }; // R1
    assertInference(input['InferenceSpecification']);
    const version = this.#packages.filter((each) => each.group === group).length + 1;
    const arn = `arn:aws:sagemaker:eu-central-1:123456789012:model-package/${group.toLowerCase()}/${version}`;
    const createdMs = this.now();
    this.#packages.push({ arn, group, version, token, createdMs, input });
    return { ModelPackageArn: arn };
  }

  #list(input: Input) {
    const { name } = this.#groups.get(String(input['ModelPackageGroupName']));
    const all = this.#packages.filter(({ group }) => group === name).reverse();
    const { page, NextToken } = pageOf(all, input);
    return { ModelPackageSummaryList: page.map((each) => this.#summary(each)), NextToken };
  }

  #describe(found: Package) {
    const { CustomerMetadataProperties, InferenceSpecification } = found.input;
    return { ...this.#summary(found), CustomerMetadataProperties, InferenceSpecification };
  }

  #summary({ arn, group, version, createdMs, input }: Package) {
    return {
      ModelPackageArn: arn,
      ModelPackageGroupName: group,
      ModelPackageVersion: version,
      ModelPackageDescription: input['ModelPackageDescription'],
      ModelApprovalStatus: input['ModelApprovalStatus'] ?? 'PendingManualApproval',
      ApprovalDescription: input['ApprovalDescription'],
      ModelPackageStatus: 'Completed',
      CreationTime: seconds(createdMs),
    };
  }

  #update(input: Input) {
    const found = this.#find(input['ModelPackageArn']);
    const { CustomerMetadataProperties: changed, ...others } = input;
    const kept = found.input['CustomerMetadataProperties'] as object | undefined;
    const CustomerMetadataProperties = { ...kept, ...(changed as object | undefined) };
    found.input = { ...found.input, ...others, CustomerMetadataProperties };
    return { ModelPackageArn: found.arn };
  }

  #find(arn: unknown): Package {
    const found = this.#packages.find((each) => each.arn === arn);
    if (found !== undefined) return found;
    throw validationError(`ModelPackage ${String(arn)} does not exist.`);
  }
}

function assertInference(value: unknown): void {
  const {
    Containers = [],
    SupportedContentTypes,
    SupportedResponseMIMETypes,
  } = (value ?? {}) as Readonly<Record<string, readonly unknown[] | undefined>>;
  if (Containers.length === 0) throw validationError('InferenceSpecification has no container.');
  if (SupportedContentTypes === undefined || SupportedResponseMIMETypes === undefined) {
    throw validationError('InferenceSpecification must name the content and response types.');
  }
  for (const container of Containers as Readonly<Record<string, unknown>>[]) {
    const url = String(container['ModelDataUrl']);
    if (!/^s3:\/\/[^/]+\/.+\.tar\.gz$/.test(url)) {
      throw validationError(`Could not find model data at ${url}.`);
    }
  }
}

function pageOf<Item>(items: readonly Item[], { NextToken }: Input) {
  const start = Number(NextToken ?? 0);
  const end = start + PAGE_SIZE;
  const next = end < items.length ? { NextToken: String(end) } : { NextToken: undefined };
  return { page: items.slice(start, end), ...next };
}
