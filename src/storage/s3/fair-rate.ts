import type { Readable } from 'node:stream';

/** Below this rate for so long a connection is taken for broken: a healthy one is a thousand times faster. */
const SLOW_BYTES = 30_000;
const SLOW_MS = 30_000;

/** The chunks of an answer; it is cut, with a TimeoutError, when they come too slowly. */
export async function* atFairRate(body: Readable): AsyncGenerator<Uint8Array> {
  let received = 0;
  let before = 0;
  const watch = setInterval(() => {
    if (received - before < SLOW_BYTES) body.destroy(tooSlow());
    before = received;
  }, SLOW_MS);
  watch.unref();
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      yield chunk;
    }
  } finally {
    clearInterval(watch);
    body.destroy();
  }
}

function tooSlow(): Error {
  const error = new Error(`less than ${SLOW_BYTES} bytes came in ${SLOW_MS / 1000} s`);
  error.name = 'TimeoutError';
  return error;
}
