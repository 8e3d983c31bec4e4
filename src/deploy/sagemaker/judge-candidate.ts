// Whether a configuration that has come into service may stay.
//
// J1. A variant that answers requests is asked for the prediction that was recorded; beside the live model, that one must
//     answer as it did alone. A shadow's answers reach nobody, so nobody can compare them here.
// J2. Baking that SageMaker does not do (bake-candidate.ts) comes after that.
// J3. Against the candidate a verdict is written on the endpoint, then the earlier configuration is put back.

import type { ProductionVariant } from '@aws-sdk/client-sagemaker';
import { whyAlarmed } from './bake-candidate.js';
import { changeEndpoint, type EndpointChange, type Settled } from './change-endpoint.js';
import type { Deployment } from './deployment.js';
import { findEndpoint } from './endpoint-facts.js';
import { whyLiveDiffers } from './live-answer.js';
import { whyServedDiffers } from './served-prediction.js';
import { earlierConfigOf, encodeVerdict, INTENT_TAG, VERDICT_TAG } from './tags.js';
import { CANDIDATE_VARIANT } from './variant-name.js';
import { writeTags } from './write-tags.js';

/** What the candidate is judged by, beside its change of the endpoint. */
export interface Trial {
  /** The variant beside which it serves. */
  readonly champion?: ProductionVariant;
  readonly alarmNames: readonly string[];
}

/** Lets a candidate in service stay, or puts the earlier configuration back (J1 to J3). */
export async function judgeCandidate(
  deployment: Deployment,
  change: EndpointChange,
  trial: Trial,
  settled: Settled,
): Promise<Settled> {
  if (settled.outcome !== 'promoted') return settled;
  const reason =
    (await whyAnswersDiffer(deployment, change, trial)) ??
    (await whyAlarmed(deployment, change, trial.alarmNames));
  if (reason === undefined) return settled;
  const { client, caller, endpointName, wanted } = change;
  const facts = await findEndpoint(client, caller, endpointName);
  const earlierConfigName = earlierConfigOf(facts?.tags.get(INTENT_TAG), wanted.configName);
  if (facts === undefined || earlierConfigName === undefined) {
    return { ...settled, outcome: 'failed', reason: `the endpoint was made, but ${reason}` };
  }
  const verdict = encodeVerdict({ ...wanted, earlierConfigName, reason });
  await writeTags(client, caller, endpointName, [{ Key: VERDICT_TAG, Value: verdict }]);
  const after = await changeEndpoint(change);
  // The tag has room for fewer characters, and fewer kinds of them.
  return { ...after, unchanged: false, ...(after.outcome === 'rolled_back' ? { reason } : {}) };
}

/** J1. */
async function whyAnswersDiffer(
  deployment: Deployment,
  { plan }: EndpointChange,
  { champion }: Trial,
): Promise<string | undefined> {
  if (plan.beside === 'shadow') return undefined;
  const { aws, caller, request } = deployment;
  const isSplit = plan.beside === 'split';
  const asked = isSplit ? { ...request, variant: CANDIDATE_VARIANT } : request;
  const reason = await whyServedDiffers(aws.runtime, caller, asked);
  if (reason !== undefined || !isSplit || champion === undefined) return reason;
  return whyLiveDiffers(deployment, champion);
}
