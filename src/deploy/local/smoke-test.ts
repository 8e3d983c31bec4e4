// Asks a candidate for one prediction before anyone else may.

import { readRecordedPrediction, requestOf, whyAnswerDiffers } from '../recorded-prediction.js';
import { callLoopback } from './loopback-call.js';

const SMOKE_TIMEOUT_MS = 30_000;
const ANSWER_SHOWN_LENGTH = 200;

/**
 * Sends the model's sample row to a candidate and compares the prediction with the recorded one.
 *
 * @returns why the candidate failed, in words; undefined when it passed or has no sample
 */
export async function whySmokeTestFailed(
  modelPath: string,
  port: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const recorded = await readRecordedPrediction(modelPath);
  if (recorded === undefined) return undefined;
  const answer = await callLoopback({
    port,
    method: 'POST',
    path: '/invocations',
    ...requestOf(recorded),
    timeoutMs: SMOKE_TIMEOUT_MS,
    signal,
  }).catch((error: Error) => error);
  if (answer instanceof Error) return `its smoke test got no answer: ${answer.message}`;
  if (answer.status !== 200) {
    return `its smoke test got status ${answer.status}: ${answer.body.slice(0, ANSWER_SHOWN_LENGTH)}`;
  }
  return whyAnswerDiffers(recorded, answer.body);
}
