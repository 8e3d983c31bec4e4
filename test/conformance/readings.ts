// Ends that KFP's own tests leave open, read from KFP's semantics; and outputs, worked out by hand.

import type { JsonValue } from '../../src/util/index.js';
import type { End } from './corpus.js';

interface Reading {
  readonly end: End;
  readonly because: string;
  /** Outputs of the pipeline that are the same in every run. */
  readonly outputs?: Readonly<Record<string, JsonValue>>;
}

/** By path within the corpus; a file not listed must succeed. */
export const READINGS: Readonly<Record<string, Reading>> = {};
