// What the model now live answers to the candidate's sample row, kept before the candidate comes beside it: afterwards it
// must answer the same.
//
// V1. The answer is kept on the endpoint, as a tag named by the live model and the row, before anything changes. A
//     deployment that is begun again finds it, and never asks too late.
// V2. A row that the live model does not understand is no concern: it must fail as it did.

import type { ProductionVariant } from '@aws-sdk/client-sagemaker';
import { sha256Of } from '../../storage/index.js';
import { canonicalJson } from '../../util/index.js';
import { predictionIn, readRecordedPrediction, requestOf } from '../recorded-prediction.js';
import type { Deployment } from './deployment.js';
import { findEndpoint, type EndpointFacts } from './endpoint-facts.js';
import { askEndpoint, type Question } from './served-prediction.js';
import { LIVE_ANSWER_TAG } from './tags.js';
import { VARIANT } from './variant-name.js';
import { writeTags } from './write-tags.js';

const DIGEST_LENGTH = 16;

/** Keeps the live variant's answer (V1); nothing for a candidate without a sample row. */
export async function keepLiveAnswer(
  deployment: Deployment,
  live: ProductionVariant,
): Promise<void> {
  const { aws, caller, request } = deployment;
  const { endpointName, modelPath } = request;
  const row = await rowOf(modelPath);
  if (row === undefined) return;
  const facts = await findEndpoint(aws.sagemaker, caller, endpointName);
  if (facts === undefined || keptAnswer(facts, live, row) !== undefined) return;
  const answer = await answerOf(deployment, { ...row, variant: live.VariantName });
  if (answer === undefined) return;
  const Value = `${subjectOf(live, row)}/${answer}`;
  await writeTags(aws.sagemaker, caller, endpointName, [{ Key: LIVE_ANSWER_TAG, Value }]);
}

/** How the live variant answers otherwise than it did alone, in words; undefined when it does not. */
export async function whyLiveDiffers(
  deployment: Deployment,
  live: ProductionVariant,
): Promise<string | undefined> {
  const { aws, caller, request } = deployment;
  const row = await rowOf(request.modelPath);
  if (row === undefined) return undefined;
  const facts = await findEndpoint(aws.sagemaker, caller, request.endpointName);
  const answer = await answerOf(deployment, { ...row, variant: VARIANT });
  if (facts === undefined || answer === undefined) return 'the model now live does not answer';
  const kept = keptAnswer(facts, live, row);
  if (kept === undefined || kept === answer) return undefined;
  return 'the model now live answers otherwise than it did alone';
}

async function rowOf(modelPath: string): Promise<Question | undefined> {
  const recorded = await readRecordedPrediction(modelPath);
  return recorded === undefined ? undefined : requestOf(recorded);
}

/** A digest of the prediction, of the status where the model refuses the row (V2); undefined: nobody answers. */
async function answerOf(
  { aws, caller, request: { endpointName } }: Deployment,
  question: Question,
): Promise<string | undefined> {
  const answer = await askEndpoint(aws.runtime, caller, endpointName, question);
  if (answer === undefined) return undefined;
  if ('failure' in answer) return shortDigest(`status ${answer.failure.status}`);
  const prediction = predictionIn(answer.body);
  return shortDigest(prediction === undefined ? answer.body : canonicalJson(prediction));
}

function keptAnswer(
  { tags }: EndpointFacts,
  live: ProductionVariant,
  row: Question,
): string | undefined {
  const [subject, answer] = (tags.get(LIVE_ANSWER_TAG) ?? '').split('/');
  return subject === subjectOf(live, row) ? answer : undefined;
}

function subjectOf({ ModelName }: ProductionVariant, { body }: Question): string {
  return shortDigest(`${ModelName}\n${body}`);
}

function shortDigest(text: string): string {
  return sha256Of(text).slice(-DIGEST_LENGTH);
}
