import type { Readable } from 'node:stream';

/** Bytes per millisecond below which a connection is taken for broken: a healthy one is a thousand times faster. */
const SLOW_RATE = 1;

/** The chunks of an answer; it is cut, with a TimeoutError, when they come too slowly for so many milliseconds. */
export async function* atFairRate(body: Readable, patienceMs: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  let before = 0;
  const watch = setInterval(() => {
    if (received - before < SLOW_RATE * patienceMs) body.destroy(tooSlow(patienceMs));
    before = received;
  }, patienceMs);
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

function tooSlow(patienceMs: number): Error {
  const error = new Error(`less than ${SLOW_RATE * patienceMs} bytes came in ${patienceMs} ms`);
  error.name = 'TimeoutError';
  return error;
}
