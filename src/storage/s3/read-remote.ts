// Reads an object to its end, whatever happens to the connection.
//
// G1. A broken or too slow read goes on at the byte where it stopped, of the very same version (If-Match):
//     bytes of two versions never mix.
// G2. It is given up after a few breaks in a row without a byte between them.

import { setTimeout as sleep } from 'node:timers/promises';
import { storageErrors } from '../../errors/index.js';
import type { Bucket, RemoteObject } from './bucket.js';
import { explained, statusOf } from './explain-s3-failure.js';
import { atFairRate } from './fair-rate.js';

const BREAKS = 5;
const WAIT_MS = 200;

export interface ReadRemoteOptions {
  readonly signal?: AbortSignal;
  /** Takes each chunk in order; the next one is read when it settles. Its errors end the reading. */
  readonly onChunk: (chunk: Uint8Array) => Promise<void> | void;
}

/**
 * Reads one version of an object (G1, G2).
 * @throws E_STORE; E_ARTIFACT when it was replaced or removed meanwhile; the signal's reason
 */
export async function readRemote(
  bucket: Bucket,
  object: RemoteObject,
  { signal, onChunk }: ReadRemoteOptions,
): Promise<void> {
  let position = 0;
  for (let breaks = 0; position < object.sizeBytes; breaks += 1) {
    const start = position;
    const failure = await readFrom(bucket, object, start, signal, async (chunk) => {
      await onChunk(chunk);
      position += chunk.length;
    });
    signal?.throwIfAborted();
    if (position > start) breaks = 0;
    if (failure === undefined) continue;
    if ([404, 412].includes(statusOf(failure) ?? 0)) {
      throw storageErrors.artifactChanging(bucket.uriOf(object.key));
    }
    if (breaks >= BREAKS || isFinal(failure)) {
      await explained('read', bucket.uriOf(object.key), () => Promise.reject(failure));
    }
    await sleep(WAIT_MS * 2 ** breaks * (0.5 + Math.random()));
  }
}

/** Reads to the end or to a break of the connection. @returns the break; undefined when it ended well */
async function readFrom(
  bucket: Bucket,
  object: RemoteObject,
  position: number,
  signal: AbortSignal | undefined,
  onChunk: (chunk: Uint8Array) => Promise<void>,
): Promise<Error | undefined> {
  const chunks = await bucket.open(object, position, signal).then(
    (body) => atFairRate(body, bucket.options.patienceMs),
    (error: Error) => error,
  );
  if (chunks instanceof Error) return chunks;
  let received = position;
  try {
    for (;;) {
      const step = await chunks.next().catch((error: Error) => error);
      if (step instanceof Error) return step;
      if (step.done === true) break;
      await onChunk(step.value);
      received += step.value.length;
    }
  } finally {
    await chunks.return(undefined);
  }
  return received < object.sizeBytes ? cutShort() : undefined;
}

function cutShort(): Error {
  return Object.assign(new Error('the answer was cut short'), { code: 'ECONNRESET' });
}

/** An answer of the server that the SDK did not think worth another try. */
function isFinal(error: Error): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}
