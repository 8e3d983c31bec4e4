import { Buffer } from 'node:buffer';
import type { PipelineReference, RunInput, RunOptions } from '../contract/index.js';
import { clientErrors } from '../errors/index.js';
import type { JsonObject } from '../util/index.js';

// Half of the server's limit.blobSize.error (2 MiB): over that a start is refused with INVALID_ARGUMENT,
// and the workflow must still be able to pass the same values on.
const MAX_INPUT_BYTES = 1024 * 1024;
const MAX_PARAMETERS = 1000;

export interface StartRequest {
  readonly pipeline: PipelineReference;
  readonly parameters?: JsonObject;
  /** Default: a new id made of the pipeline's name and the time. */
  readonly runId?: string;
  /**
   * Names the request, 1 to 500 characters, such as the id of a delivery: however often and from however many
   * processes it is repeated, one run is started and all get its id.
   */
  readonly idempotencyKey?: string;
  readonly options?: RunOptions;
}

/** Makes the workflow's argument, refusing what would not fit. @throws E_PARAM_SIZE */
export function toRunInput({ pipeline, parameters = {}, options }: StartRequest): RunInput {
  const count = Object.keys(parameters).length;
  if (count > MAX_PARAMETERS) {
    throw clientErrors.parametersTooLarge(`${count} values`, `${MAX_PARAMETERS} values`);
  }
  const input: RunInput = { pipeline, parameters, ...(options === undefined ? {} : { options }) };
  const sizeBytes = Buffer.byteLength(JSON.stringify(input));
  if (sizeBytes >= MAX_INPUT_BYTES) {
    throw clientErrors.parametersTooLarge(`${sizeBytes} bytes`, `${MAX_INPUT_BYTES} bytes`);
  }
  return input;
}
