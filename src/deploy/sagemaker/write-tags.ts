import { AddTagsCommand, type SageMakerClient, type Tag } from '@aws-sdk/client-sagemaker';
import type { AwsCaller } from '../../aws/index.js';
import { findEndpoint } from './endpoint-facts.js';

/** Writes tags on an endpoint; those that are right already are left alone. */
export async function writeTags(
  client: SageMakerClient,
  caller: AwsCaller,
  endpointName: string,
  tags: Tag[],
): Promise<void> {
  for (;;) {
    const facts = await findEndpoint(client, caller, endpointName);
    const isTagged = tags.every(({ Key, Value }) => facts?.tags.get(Key!) === Value);
    if (facts === undefined || isTagged) return;
    await caller.send(() =>
      client.send(new AddTagsCommand({ ResourceArn: facts.arn, Tags: tags })),
    );
  }
}
