// What a model predicted for one row when it was trained, and whether it still does.
//
// M1. The sample comes from the model's own description, model.json, written when it was trained.
//     The model itself is never opened here.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type JsonObject, type JsonValue } from '../util/index.js';

/** The part of model.json that tells how the model answers. */
export interface RecordedPrediction {
  /** One raw row: column name to value. */
  readonly sample: JsonObject;
  /** Prediction recorded at training time for that row. */
  readonly expected?: JsonValue;
}

// A description is a schema and a sample row; a larger one is not read.
const DESCRIPTION_MAX_BYTES = 1024 * 1024;

/** Reads the recorded prediction of a model; undefined when it has none. */
export async function readRecordedPrediction(
  modelPath: string,
): Promise<RecordedPrediction | undefined> {
  const text = await readDescription(join(modelPath, 'model.json'));
  if (text === undefined) return undefined;
  try {
    const description = JSON.parse(text) as Partial<RecordedPrediction> | null;
    const sample = description?.sample;
    return typeof sample === 'object' && sample !== null && !Array.isArray(sample)
      ? { sample, expected: description?.expected }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The request that asks for the recorded row, as SageMaker's contract has it. */
export function requestOf({ sample }: RecordedPrediction): {
  readonly contentType: string;
  readonly body: string;
} {
  return { contentType: 'application/json', body: JSON.stringify({ instances: [sample] }) };
}

/**
 * Compares the answer to requestOf with the recorded prediction.
 *
 * @returns how it differs, in words; undefined when it does not, or when no prediction was recorded
 */
export function whyAnswerDiffers(
  { expected }: RecordedPrediction,
  body: string,
): string | undefined {
  const prediction = predictionIn(body);
  if (prediction === undefined) return 'its smoke test got an answer without a prediction';
  const isAsExpected =
    expected === undefined || canonicalJson(expected) === canonicalJson(prediction);
  if (isAsExpected) return undefined;
  return `its smoke test predicted ${JSON.stringify(prediction)} where training recorded ${JSON.stringify(expected)}`;
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

/** The first prediction of an answer; undefined when there is none. */
export function predictionIn(body: string): JsonValue | undefined {
  try {
    const { predictions } = JSON.parse(body) as { predictions?: JsonValue };
    return Array.isArray(predictions) ? (predictions[0] as JsonValue) : undefined;
  } catch {
    return undefined;
  }
}
