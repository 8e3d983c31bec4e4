// Asks an endpoint for the prediction that was recorded when its model was trained.

import {
  InvokeEndpointCommand,
  type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import type { AwsCaller } from '../../aws/index.js';
import { readRecordedPrediction, requestOf, whyAnswerDiffers } from '../recorded-prediction.js';

interface ModelFailure {
  readonly name?: string;
  readonly message?: string;
  readonly OriginalStatusCode?: number;
  readonly OriginalMessage?: string;
}

const ANSWER_SHOWN_LENGTH = 200;

/**
 * Compares what an endpoint answers with what its model predicted at training time.
 *
 * @returns how it differs, in words; undefined when it does not, or when the model has no recorded prediction
 * @throws E_DEPLOY when AWS does not let the endpoint be asked
 */
export async function whyServedDiffers(
  client: SageMakerRuntimeClient,
  caller: AwsCaller,
  { endpointName, modelPath }: { readonly endpointName: string; readonly modelPath: string },
): Promise<string | undefined> {
  const recorded = await readRecordedPrediction(modelPath);
  if (recorded === undefined) return undefined;
  const { contentType, body } = requestOf(recorded);
  caller.waiting.progress('asking for a prediction');
  const answer = await caller.repeat(() =>
    client
      .send(
        new InvokeEndpointCommand({
          EndpointName: endpointName,
          ContentType: contentType,
          Accept: 'application/json',
          Body: body,
        }),
      )
      .then(({ Body }) => ({ body: Buffer.from(Body ?? []).toString('utf8') }))
      .catch((error: ModelFailure) => {
        if (error.name !== 'ModelError') throw error;
        return { failure: error };
      }),
  );
  if (answer === undefined) return 'nobody answered its smoke test';
  return 'failure' in answer
    ? describeFailure(answer.failure)
    : whyAnswerDiffers(recorded, answer.body);
}

function describeFailure({ OriginalStatusCode, OriginalMessage, message }: ModelFailure): string {
  const said = (OriginalMessage ?? message ?? '').slice(0, ANSWER_SHOWN_LENGTH);
  return `its smoke test got status ${OriginalStatusCode ?? 'of a failure'}: ${said}`;
}
