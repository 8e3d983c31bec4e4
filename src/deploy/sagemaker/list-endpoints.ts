import {
  ListEndpointsCommand,
  type EndpointStatus,
  type EndpointSummary,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { EndpointView } from '../deployer.js';
import type { AwsCaller } from '../../aws/index.js';
import { candidatePercent } from './change-split.js';
import { findEndpoint, findTags } from './endpoint-facts.js';
import { endpointUrl } from './endpoint-url.js';
import { CANDIDATE_TAG, MODEL_TAG, OWNER_TAG, RUN_TAG } from './tags.js';

/** Lists the endpoints that carry our tag. */
export async function listEndpoints(
  client: SageMakerClient,
  caller: AwsCaller,
  region: string,
): Promise<readonly EndpointView[]> {
  const views: EndpointView[] = [];
  let NextToken: string | undefined;
  do {
    const page = await caller.repeat(() =>
      client.send(new ListEndpointsCommand({ NextToken, SortBy: 'Name', SortOrder: 'Ascending' })),
    );
    for (const endpoint of page?.Endpoints ?? []) {
      const tags = await findTags(client, caller, endpoint.EndpointArn!);
      if (!tags?.has(OWNER_TAG)) continue;
      const split = await findSplit(client, caller, endpoint, tags);
      views.push({ ...viewOf(endpoint, tags, region), ...(split && { split }) });
    }
    NextToken = page?.NextToken;
  } while (NextToken !== undefined);
  return views;
}

/** The share of a second model; only an endpoint that has had one is asked. */
async function findSplit(
  client: SageMakerClient,
  caller: AwsCaller,
  { EndpointName }: EndpointSummary,
  tags: ReadonlyMap<string, string>,
): Promise<EndpointView['split']> {
  if (!tags.has(CANDIDATE_TAG)) return undefined;
  const facts = await findEndpoint(client, caller, EndpointName!);
  const percent = facts === undefined ? undefined : candidatePercent(facts);
  return percent === undefined ? undefined : { percent, modelDigest: tags.get(CANDIDATE_TAG) };
}

function viewOf(
  endpoint: EndpointSummary,
  tags: ReadonlyMap<string, string>,
  region: string,
): EndpointView {
  return {
    name: endpoint.EndpointName!,
    status: statusOf(endpoint.EndpointStatus!),
    url: endpointUrl(region, endpoint.EndpointName!),
    modelDigest: tags.get(MODEL_TAG),
    runId: tags.get(RUN_TAG),
    updatedAt: endpoint.LastModifiedTime?.toISOString(),
  };
}

function statusOf(status: EndpointStatus): EndpointView['status'] {
  switch (status) {
    case 'InService':
      return 'in_service';
    case 'Creating':
    case 'Updating':
    case 'SystemUpdating':
    case 'RollingBack':
      return 'updating';
    case 'Deleting':
      return 'stopped';
    case 'Failed':
    case 'OutOfService':
    case 'UpdateRollbackFailed':
    default:
      return 'failed';
  }
}
