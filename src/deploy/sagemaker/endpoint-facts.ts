import {
  DescribeEndpointCommand,
  ListTagsCommand,
  type DescribeEndpointCommandOutput,
  type EndpointStatus,
  type SageMakerClient,
  type Tag,
} from '@aws-sdk/client-sagemaker';
import type { AwsCaller } from '../../aws/index.js';

/** What is known of an endpoint at one moment. */
export interface EndpointFacts {
  readonly arn: string;
  readonly status: EndpointStatus;
  /** The configuration that serves; during an update still the earlier one. */
  readonly configName: string;
  /** The configuration that an update in progress wants. */
  readonly pendingConfigName?: string;
  readonly failureReason?: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
  /** Production variants of the configuration that serves; empty before anything does. */
  readonly variants: readonly VariantFacts[];
  readonly tags: ReadonlyMap<string, string>;
}

/** A variant and its part of the requests: its weight in the sum of all weights. */
export interface VariantFacts {
  readonly name: string;
  readonly weight: number;
  /** Differs from `weight` while a change of the weights goes on. */
  readonly desiredWeight: number;
}

/** Asks for an endpoint and its tags; undefined when there is none. */
export async function findEndpoint(
  client: SageMakerClient,
  caller: AwsCaller,
  endpointName: string,
): Promise<EndpointFacts | undefined> {
  const found = await caller.repeat(() =>
    client.send(new DescribeEndpointCommand({ EndpointName: endpointName })),
  );
  if (found === undefined) return undefined;
  const tags = await findTags(client, caller, found.EndpointArn!);
  return tags === undefined ? undefined : factsOf(found, tags);
}

/** All tags of a resource; undefined when it is gone. */
export async function findTags(
  client: SageMakerClient,
  caller: AwsCaller,
  resourceArn: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const tags: Tag[] = [];
  let NextToken: string | undefined;
  do {
    const page = await caller.repeat(() =>
      client.send(new ListTagsCommand({ ResourceArn: resourceArn, NextToken })),
    );
    if (page === undefined) return undefined;
    tags.push(...(page.Tags ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return new Map(tags.map(({ Key, Value }) => [Key!, Value!]));
}

function factsOf(
  found: DescribeEndpointCommandOutput,
  tags: ReadonlyMap<string, string>,
): EndpointFacts {
  return {
    arn: found.EndpointArn!,
    status: found.EndpointStatus!,
    configName: found.EndpointConfigName!,
    pendingConfigName: found.PendingDeploymentSummary?.EndpointConfigName,
    failureReason: found.FailureReason,
    variants: (found.ProductionVariants ?? []).map(
      ({ VariantName, CurrentWeight = 1, DesiredWeight = CurrentWeight }) => ({
        name: VariantName!,
        weight: CurrentWeight,
        desiredWeight: DesiredWeight,
      }),
    ),
    modifiedAtMs: found.LastModifiedTime?.getTime() ?? 0,
    tags,
  };
}
