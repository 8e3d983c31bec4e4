// Versions of a model as packages of SageMaker Model Registry.
//
// Q1. Looks before it makes: a package is found again by its description, and a create carries a token that follows
//     from the version, so a lost answer leaves one package.
// Q2. A package is approved when the gate, or a person, accepted it; its stage is among its properties.

import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
  type SageMakerClientConfig,
} from '@aws-sdk/client-sagemaker';
import {
  awsFailureOf,
  createAwsCaller,
  isTransient,
  SYSTEM_CLOCK,
  type AwsCaller,
  type Clock,
} from '../../aws/index.js';
import { isAnnealError, modelErrors } from '../../errors/index.js';
import type { ArtifactStore } from '../../storage/index.js';
import type { ModelVersionView } from '../fold-model.js';
import type { ModelMirror } from '../mirror.js';
import {
  approvalOf,
  descriptionOf,
  isPackageOf,
  packageInput,
  STAGE_PROPERTY,
  type PackedModel,
} from './model-package.js';

export interface PackageRegistryOptions {
  readonly region: string;
  /** Serving image. */
  readonly image: string;
  readonly store: ArtifactStore;
  /** Puts the bytes where SageMaker reads them. */
  readonly archive: (
    model: { readonly path: string; readonly digest: string },
    signal: AbortSignal,
  ) => Promise<PackedModel>;
  readonly clientConfig?: SageMakerClientConfig;
  /** Longest time one call may be throttled or unanswered, in milliseconds; default 2 minutes. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random?: () => number;
}

// A mirror keeps nobody waiting for long: what it misses, the next change brings.
const PATIENCE_MS = 2 * 60_000;

/** Makes the mirror, with the AWS SDK loaded. */
export function openPackageRegistry(options: PackageRegistryOptions): ModelMirror {
  const { clientConfig, region } = options;
  const client = new SageMakerClient({ ...clientConfig, region, maxAttempts: 1 });
  return {
    name: 'sagemaker',
    push: async (version, model, signal) => {
      const caller = callerFor(version, options, signal);
      const arn = await pushPackage({ client, caller, options, signal }, version);
      const former = model.versions.find((each) => each.version === model.formerChampion);
      for (const each of former === undefined ? [version] : [version, former]) {
        await updatePackage(client, caller, each);
      }
      return { reference: arn };
    },
  };
}

interface PushTools {
  readonly client: SageMakerClient;
  readonly caller: AwsCaller;
  readonly options: PackageRegistryOptions;
  readonly signal: AbortSignal;
}

async function pushPackage(
  { client, caller, options, signal }: PushTools,
  version: ModelVersionView,
): Promise<string> {
  const { name, model } = version;
  await caller.settle(
    () => findGroup(client, caller, name),
    () =>
      client.send(
        new CreateModelPackageGroupCommand({
          ModelPackageGroupName: name,
          ModelPackageGroupDescription: 'Versions of a model that Anneal keeps.',
        }),
      ),
  );
  const known = await findPackage(client, caller, version);
  if (known !== undefined) return known;
  const path = await options.store.localPath(model.uri, signal);
  const packed = await options.archive({ path, digest: model.digest }, signal);
  const input = packageInput(version, options.image, packed);
  return caller.settle(
    () => findPackage(client, caller, version),
    () => client.send(new CreateModelPackageCommand(input)), // Q1
  );
}

/** Brings approval and stage to what they are here; a package that is not there is left out. */
async function updatePackage(
  client: SageMakerClient,
  caller: AwsCaller,
  version: ModelVersionView,
): Promise<void> {
  const arn = await findPackage(client, caller, version);
  if (arn === undefined) return;
  const { status, description } = approvalOf(version);
  for (;;) {
    const found = await caller.repeat(() =>
      client.send(new DescribeModelPackageCommand({ ModelPackageName: arn })),
    );
    const isRight =
      found?.ModelApprovalStatus === status &&
      found.CustomerMetadataProperties?.[STAGE_PROPERTY] === version.stage;
    if (found === undefined || isRight) return;
    const change = new UpdateModelPackageCommand({
      ModelPackageArn: arn,
      ModelApprovalStatus: status,
      ApprovalDescription: description,
      CustomerMetadataProperties: { [STAGE_PROPERTY]: version.stage },
    });
    if ((await caller.send(() => client.send(change))) === 'done') return;
  }
}

async function findGroup(
  client: SageMakerClient,
  caller: AwsCaller,
  name: string,
): Promise<string | undefined> {
  return search(async (NextToken) => {
    const page = await caller.repeat(() =>
      client.send(new ListModelPackageGroupsCommand({ NameContains: name, NextToken })),
    );
    const groups = page?.ModelPackageGroupSummaryList ?? [];
    const found = groups.find((group) => group.ModelPackageGroupName === name);
    return { found: found?.ModelPackageGroupArn, next: page?.NextToken };
  });
}

async function findPackage(
  client: SageMakerClient,
  caller: AwsCaller,
  version: ModelVersionView,
): Promise<string | undefined> {
  return search(async (NextToken) => {
    const page = await caller.repeat(() =>
      client.send(new ListModelPackagesCommand({ ModelPackageGroupName: version.name, NextToken })),
    );
    const packages = page?.ModelPackageSummaryList ?? [];
    const found = packages.find((each) => isPackageOf(version, each.ModelPackageDescription));
    return { found: found?.ModelPackageArn, next: page?.NextToken };
  });
}

interface Page {
  readonly found: string | undefined;
  readonly next: string | undefined;
}

/** Reads pages until one has it. */
async function search(
  read: (token: string | undefined) => Promise<Page>,
): Promise<string | undefined> {
  let token: string | undefined;
  do {
    const { found, next } = await read(token);
    if (found !== undefined) return found;
    token = next;
  } while (token !== undefined);
  return undefined;
}

function callerFor(
  version: ModelVersionView,
  { clock = SYSTEM_CLOCK, random = Math.random, patienceMs = PATIENCE_MS }: PackageRegistryOptions,
  signal: AbortSignal,
): AwsCaller {
  const failed = (error: unknown): Error => {
    if (isAnnealError(error) || !(error instanceof Error)) return error as Error;
    const failure = awsFailureOf(error);
    if (failure === undefined) return error;
    return modelErrors.mirrorFailed(
      descriptionOf(version),
      `AWS said ${error.name}: ${error.message}`,
      {
        retryable: isTransient(failure),
      },
    );
  };
  return createAwsCaller({
    waiting: { clock, random, signal, progress: () => undefined },
    patienceMs,
    refused: failed,
    exhausted: (failure) =>
      modelErrors.mirrorFailed(
        descriptionOf(version),
        failure === 'throttled' ? 'AWS throttled every call' : 'AWS did not answer',
        { retryable: true },
      ),
  });
}
