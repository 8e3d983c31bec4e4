// Asks an endpoint for the prediction that was recorded when its model was trained.

import {
  InvokeEndpointCommand,
  type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import type { AwsCaller } from '../../aws/index.js';
import { readRecordedPrediction, requestOf, whyAnswerDiffers } from '../recorded-prediction.js';

/** One row, for one variant of an endpoint or for whichever gets it. */
export interface Question {
  readonly contentType: string;
  readonly body: string;
  readonly variant?: string;
}

export type EndpointAnswer =
  | { readonly body: string }
  | { readonly failure: { readonly status?: number; readonly said: string } };

interface ModelError {
  readonly name?: string;
  readonly message?: string;
  readonly OriginalStatusCode?: number;
  readonly OriginalMessage?: string;
}

const ANSWER_SHOWN_LENGTH = 200;

/**
 * Compares what an endpoint answers with what its model predicted at training time.
 *
 * @param asked the endpoint, the variant of it when only one is meant, and where the model's files are
 * @returns how it differs, in words; undefined when it does not, or when the model has no recorded prediction
 * @throws E_DEPLOY when AWS does not let the endpoint be asked
 */
export async function whyServedDiffers(
  client: SageMakerRuntimeClient,
  caller: AwsCaller,
  asked: { readonly endpointName: string; readonly variant?: string; readonly modelPath: string },
): Promise<string | undefined> {
  const { endpointName, variant, modelPath } = asked;
  const recorded = await readRecordedPrediction(modelPath);
  if (recorded === undefined) return undefined;
  const answer = await askEndpoint(client, caller, endpointName, {
    ...requestOf(recorded),
    variant,
  });
  if (answer === undefined) return 'nobody answered its smoke test';
  return 'failure' in answer
    ? describeFailure(answer.failure)
    : whyAnswerDiffers(recorded, answer.body);
}

/**
 * Asks an endpoint.
 *
 * @returns undefined when there is no such endpoint or variant
 * @throws E_DEPLOY when AWS does not let it be asked
 */
export async function askEndpoint(
  client: SageMakerRuntimeClient,
  caller: AwsCaller,
  endpointName: string,
  { contentType, body, variant }: Question,
): Promise<EndpointAnswer | undefined> {
  caller.waiting.progress('asking for a prediction');
  return caller.repeat<EndpointAnswer>(() =>
    client
      .send(
        new InvokeEndpointCommand({
          EndpointName: endpointName,
          TargetVariant: variant,
          ContentType: contentType,
          Accept: 'application/json',
          Body: body,
        }),
      )
      .then(({ Body }) => ({ body: Buffer.from(Body ?? []).toString('utf8') }))
      .catch((error: ModelError) => {
        if (error.name !== 'ModelError') throw error;
        const said = (error.OriginalMessage ?? error.message ?? '').slice(0, ANSWER_SHOWN_LENGTH);
        return { failure: { status: error.OriginalStatusCode, said } };
      }),
  );
}

function describeFailure({
  status,
  said,
}: {
  readonly status?: number;
  readonly said: string;
}): string {
  return `its smoke test got status ${status ?? 'of a failure'}: ${said}`;
}
