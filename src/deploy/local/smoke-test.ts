// Asks a candidate for one prediction before anyone else may.
//
// M1. The sample comes from the model's own description, model.json, written when it was trained.
//     The model itself is never opened here.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type JsonObject, type JsonValue } from '../../util/index.js';
import { callLoopback } from './loopback-call.js';

const SMOKE_TIMEOUT_MS = 30_000;
// A description is a schema and a sample row; a larger one is not read.
const DESCRIPTION_MAX_BYTES = 1024 * 1024;
const ANSWER_SHOWN_LENGTH = 200;

/** The part of model.json that the smoke test needs. */
interface Smoke {
  /** One raw row: column name to value. */
  readonly sample: JsonObject;
  /** Prediction recorded at training time for that row. */
  readonly expected?: JsonValue;
}

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
  const smoke = await readSmoke(modelPath);
  if (smoke === undefined) return undefined;
  const answer = await callLoopback({
    port,
    method: 'POST',
    path: '/invocations',
    contentType: 'application/json',
    body: JSON.stringify({ instances: [smoke.sample] }),
    timeoutMs: SMOKE_TIMEOUT_MS,
    signal,
  }).catch((error: Error) => error);
  if (answer instanceof Error) return `its smoke test got no answer: ${answer.message}`;
  if (answer.status !== 200) {
    return `its smoke test got status ${answer.status}: ${answer.body.slice(0, ANSWER_SHOWN_LENGTH)}`;
  }
  return compare(smoke.expected, firstPrediction(answer.body));
}

async function readSmoke(modelPath: string): Promise<Smoke | undefined> {
  const text = await readDescription(join(modelPath, 'model.json'));
  if (text === undefined) return undefined;
  try {
    const description = JSON.parse(text) as Partial<Smoke> | null;
    const sample = description?.sample;
    return typeof sample === 'object' && sample !== null && !Array.isArray(sample)
      ? { sample, expected: description?.expected }
      : undefined;
  } catch {
    return undefined;
  }
}

async function readDescription(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    return size > DESCRIPTION_MAX_BYTES ? undefined : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function firstPrediction(body: string): JsonValue | undefined {
  try {
    const { predictions } = JSON.parse(body) as { predictions?: JsonValue };
    return Array.isArray(predictions) ? (predictions[0] as JsonValue) : undefined;
  } catch {
    return undefined;
  }
}

function compare(
  expected: JsonValue | undefined,
  prediction: JsonValue | undefined,
): string | undefined {
  if (prediction === undefined) return 'its smoke test got an answer without a prediction';
  const isAsExpected =
    expected === undefined || canonicalJson(expected) === canonicalJson(prediction);
  if (isAsExpected) return undefined;
  return `its smoke test predicted ${JSON.stringify(prediction)} where training recorded ${JSON.stringify(expected)}`;
}
